//! Tells cargo which folders end up inside the binary, and makes the files that browsers fetch ready to be sent: joined,
//! named by their content, and compressed as far as it goes, once, so that nothing of it is left to a request.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest as _, Sha256};

/// The parts of the stylesheet of every page, in the order they stand in it.
const STYLES: [&str; 11] = [
    "tokens",
    "ground",
    "frame",
    "controls",
    "voice",
    "mark",
    "conversation",
    "catalogue",
    "debrief",
    "tables",
    "print",
];

/// The parts of the stylesheet that pages of the staff have besides.
const STAFF_STYLES: [&str; 5] = ["people", "cohorts", "review", "map", "transcript"];

/// The fonts: for each the part that every page is set in, and the parts for rarer letters.
const FONTS: [&str; 8] = [
    "atkinson",
    "atkinson-rest",
    "atkinson-ext",
    "literata",
    "literata-rest",
    "literata-ext",
    "literata-viet",
    "literata-brand",
];

fn main() -> io::Result<()> {
    for folder in ["migrations", "scenarios", "static", "templates"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    let mut shelf = Shelf { table: String::new(), urls: Vec::new() };
    for font in FONTS {
        let bytes = fs::read(format!("static/fonts/{font}.woff2"))?;
        shelf.put(&format!("{font}.woff2"), &bytes, "font/woff2")?;
    }
    shelf.put("favicon.svg", &fs::read("static/icons/favicon.svg")?, "image/svg+xml")?;
    let script = fs::read_to_string("static/js/app.js")?;
    let lines = script.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let script: String = lines.flat_map(|line| [line, "\n"]).collect();
    shelf.put("app.js", script.as_bytes(), "text/javascript; charset=utf-8")?;
    for (name, parts) in [("app.css", &STYLES[..]), ("staff.css", &STAFF_STYLES)] {
        let css = shelf.stylesheet(parts)?;
        shelf.put(name, css.as_bytes(), "text/css; charset=utf-8")?;
    }
    fs::write(out_dir()?.join("assets.rs"), format!("static ASSETS: &[Asset] = &[\n{}];\n", shelf.table))
}

/// Where a build script may write.
fn out_dir() -> io::Result<PathBuf> {
    env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| io::Error::other("cargo names no OUT_DIR"))
}

/// What has been made ready so far.
struct Shelf {
    /// The rows of the table of assets, as Rust.
    table: String,
    /// Names in the source, and addresses.
    urls: Vec<(String, String)>,
}

impl Shelf {
    /// One stylesheet of these parts: without comments and line ends, with the fonts by their addresses.
    fn stylesheet(&self, parts: &[&str]) -> io::Result<String> {
        let mut css = String::new();
        for part in parts {
            css.push_str(&fs::read_to_string(format!("static/css/{part}.css"))?);
        }
        while let Some((before, rest)) = css.split_once("/*") {
            let after = rest.split_once("*/").map_or("", |(_, after)| after);
            css = format!("{before}{after}");
        }
        css = css.lines().map(str::trim).collect();
        for (name, url) in &self.urls {
            css = css.replace(&format!("/assets/{name}"), url);
        }
        Ok(css)
    }

    /// Writes a file and its compressed forms, and adds its row. A font is compressed already.
    fn put(&mut self, name: &str, bytes: &[u8], kind: &str) -> io::Result<()> {
        let digest = Sha256::digest(bytes);
        let hash = digest.iter().take(6).fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
        let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
        let url = format!("/assets/{stem}.{hash}.{extension}");
        let (brotli, gzip) =
            if kind.starts_with("font/") { Default::default() } else { (brotli(bytes)?, gzip(bytes)?) };
        let folder = out_dir()?;
        for (ending, bytes) in [("", bytes), (".br", &brotli), (".gz", &gzip)] {
            fs::write(folder.join(Path::new(&format!("{name}{ending}"))), bytes)?;
        }
        let file = |ending| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}{ending}\"))");
        writeln!(
            self.table,
            "Asset {{ name: {name:?}, url: {url:?}, hash: {hash:?}, kind: {kind:?}, plain: {}, brotli: {}, gzip: {} }},",
            file(""),
            file(".br"),
            file(".gz")
        )
        .map_err(io::Error::other)?;
        self.urls.push((name.to_owned(), url));
        Ok(())
    }
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    brotli::CompressorWriter::new(&mut packed, 4096, 11, 16).write_all(bytes)?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packing = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packing.write_all(bytes)?;
    packing.finish()
}

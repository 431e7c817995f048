//! Stylesheets, fonts, icons and the script: inside the binary, named by their content.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::error::{Error, Result};
use super::form::Path;
use super::route::{Route, Who, get};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// The stylesheet's parts, in the order they stand in it.
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

/// Files by the name they have in the source: where they live, and what they are.
const FILES: [(&str, &str, &str); 4] = [
    ("atkinson-next.woff2", "fonts/atkinson-next.woff2", "font/woff2"),
    ("literata.woff2", "fonts/literata.woff2", "font/woff2"),
    ("favicon.svg", "icons/favicon.svg", "image/svg+xml"),
    ("app.js", "js/app.js", "text/javascript; charset=utf-8"),
];

struct Asset {
    bytes: Cow<'static, [u8]>,
    kind: &'static str,
}

struct Shelf {
    urls: HashMap<&'static str, String>,
    by_file: HashMap<String, Asset>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(|| {
    let mut shelf = Shelf { urls: HashMap::new(), by_file: HashMap::new() };
    for (name, path, kind) in FILES {
        shelf.put(name, Static::get(path).map(|file| file.data).unwrap_or_default(), kind);
    }
    for (name, parts) in [("app.css", &STYLES[..]), ("staff.css", &STAFF_STYLES)] {
        let mut css = String::new();
        for part in parts {
            let bytes = Static::get(&format!("css/{part}.css")).map(|file| file.data).unwrap_or_default();
            css.push_str(&String::from_utf8_lossy(&bytes));
        }
        for (file, url) in &shelf.urls {
            css = css.replace(&format!("/assets/{file}"), url);
        }
        shelf.put(name, Cow::Owned(css.into_bytes()), "text/css; charset=utf-8");
    }
    shelf
});

impl Shelf {
    fn put(&mut self, name: &'static str, bytes: Cow<'static, [u8]>, kind: &'static str) {
        let hash: String = crate::hex(&Sha256::digest(&bytes)).chars().take(12).collect();
        let file = match name.split_once('.') {
            Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
            None => name.to_owned(),
        };
        self.urls.insert(name, format!("/assets/{file}"));
        self.by_file.insert(file, Asset { bytes, kind });
    }
}

/// The address of a file by the name it has in the source; the start page for a name nobody knows.
#[must_use]
pub fn url(name: &str) -> &'static str {
    SHELF.urls.get(name).map_or("/", String::as_str)
}

/// The addresses of this module.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/assets/{file}", Who::Anyone, asset), get("/favicon.ico", Who::Anyone, favicon)]
}

async fn asset(Path(file): Path<String>) -> Result<Response> {
    let asset = SHELF.by_file.get(&file).ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, asset.bytes.as_ref()).into_response())
}

async fn favicon() -> Response {
    super::page::to(url("favicon.svg"))
}

//! `warmly check FILE…`, as an author sees it.

use std::fs;

use warmly::scenario::cmd::check_files;

use super::{GOOD, PORTRAITS, with};

#[test]
fn the_command_tells_what_it_found_in_each_file() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let good = write("good.toml", GOOD.as_bytes());
    let dull = write(
        "dull.toml",
        with("distance = \"under\"\n", "").replace("slug = \"goodbye\"", "slug = \"dull\"").as_bytes(),
    );
    let latin = write("latin.toml", b"slug = \"a\"\ntitle = \"caf\xe9\"\n");
    let run = |paths: &[std::path::PathBuf]| {
        let mut out = Vec::new();
        let good = check_files(paths, &PORTRAITS, &mut out).unwrap();
        (good, String::from_utf8(out).unwrap())
    };
    assert_eq!(run(std::slice::from_ref(&good)), (true, "1 file: 0 errors, 0 pieces of advice\n".to_owned()));
    let (passed, said) = run(&[good.clone(), dull.clone()]);
    assert!(passed, "advice does not fail the command");
    assert!(said.contains("dull.toml:2: advice: no reply is cold"), "{said}");
    assert!(said.ends_with("\n2 files: 0 errors, 1 piece of advice\n"), "{said}");
    let (passed, said) = run(&[latin, folder.path().join("none.toml")]);
    assert!(!passed);
    assert!(said.contains("latin.toml:2: this is not plain text"), "{said}");
    assert!(said.contains("none.toml:1: this file can’t be opened"), "{said}");
    let copy = write("copy.toml", GOOD.as_bytes());
    let (passed, said) = run(&[good, copy]);
    assert!(!passed);
    assert!(said.contains("copy.toml:1: the slug “goodbye” is also that of"), "{said}");
}

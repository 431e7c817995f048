//! Tells cargo which folders end up inside the binary, so that a file added to one of them is noticed.

fn main() {
    for folder in ["migrations", "scenarios", "static", "templates"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}

//! Lets skeptic turn every Rust block of the book into a test.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let book = Path::new("../src");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", book.display());

    let pages: Vec<PathBuf> = skeptic::markdown_files_of_directory("../src")
        .into_iter()
        .filter(|page| !page.ends_with("SUMMARY.md"))
        // Lesson plans are named after chapters and have no programs. One that had would be found by the proof `coverage`.
        .filter(|page| !page.starts_with("../src/teaching"))
        .collect();
    let stems: Vec<_> = pages.iter().filter_map(|page| page.file_stem()).collect();
    for (n, stem) in stems.iter().enumerate() {
        // The tests are named after the stem: two pages of one name would make two tests of one name.
        assert!(
            !stems[..n].contains(stem),
            "two pages are called {}",
            stem.display()
        );
    }
    skeptic::generate_doc_tests(&pages);

    let folder = PathBuf::from(env::var("OUT_DIR")?);
    let generated = fs::read_to_string(folder.join("skeptic-tests.rs"))?;
    let tests = generated
        // The tests call `skeptic::rt`. tests/code_blocks.rs puts a module of this name in its place
        // (there it says why), which the generated `extern crate` would contradict.
        .replace("extern crate skeptic;\n", "")
        // A test that should panic would be content with a block that doesn't even compile. The
        // stand-in knows from the fence that the program has to panic, and requires exactly that.
        .replace("#[should_panic]\n#[test] fn", "#[test] fn")
        // A heading that is all code has no name for skeptic.
        .replace("_sect__line_", "_line_");
    fs::write(folder.join("code_blocks.rs"), tests)?;
    Ok(())
}

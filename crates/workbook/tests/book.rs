//! When the book is built anew, and when what is there is taken.

use std::fs;
use std::path::Path;

use autograder::Project;
use workbook::book::{build, build_if_changed};

/// A book that was built, with a mark in its page: whoever builds it again wipes that out.
struct Marked {
    folder: tempfile::TempDir,
    project: Project,
}

impl Marked {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::at(folder.path());
        let marked = Self { folder, project };
        marked.write("book.toml", "[book]\ntitle = \"Tides\"\n");
        marked.write("src/SUMMARY.md", "- [Tides](tides.md)\n");
        marked.write("src/tides.md", "# Tides\n\nHigh water at noon.\n");
        build(&marked.project).unwrap();
        marked.write("book/index.html", "marked");
        marked
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, file: &str, text: &str) {
        let file = self.root().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Whether what was there is taken.
    fn is_taken(&self) -> bool {
        build_if_changed(&self.project).unwrap();
        fs::read_to_string(self.root().join("book/index.html")).unwrap() == "marked"
    }
}

#[test]
fn what_is_there_is_taken_if_nothing_has_changed() {
    assert!(Marked::new().is_taken());
}

#[test]
fn a_page_that_has_changed_is_built() {
    let book = Marked::new();
    book.write("src/tides.md", "# Tides\n\nHigh water at midnight.\n");
    assert!(!book.is_taken());
}

#[test]
fn so_is_a_page_that_has_come_or_gone_and_a_theme() {
    let book = Marked::new();
    book.write("theme/head.hbs", "<meta name=\"tide\" content=\"high\">");
    assert!(!book.is_taken());
    let book = Marked::new();
    fs::rename(
        book.root().join("src/tides.md"),
        book.root().join("src/ebb.md"),
    )
    .unwrap();
    book.write("src/SUMMARY.md", "- [Ebb](ebb.md)\n");
    assert!(!book.is_taken());
}

#[test]
fn a_book_that_was_broken_off_or_deleted_is_built() {
    let book = Marked::new();
    book.write("src/SUMMARY.md", "[Tides](tides.md\n- - -\n- [");
    assert!(build(&book.project).is_err());
    book.write("src/SUMMARY.md", "- [Tides](tides.md)\n");
    assert!(!book.is_taken());
    let book = Marked::new();
    fs::remove_dir_all(book.root().join("book")).unwrap();
    assert!(!book.is_taken());
}

#[test]
fn asked_to_build_it_builds() {
    let book = Marked::new();
    let page = build(&book.project).unwrap();
    assert_ne!(fs::read_to_string(page).unwrap(), "marked");
}

//! When the book is built again, and when the existing HTML is used.

use std::fs;
use std::path::Path;

use autograder::Project;
use workbook::book::{build, build_if_changed};

/// A book that was built, with a mark in its HTML that another build removes.
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

    /// Whether the existing HTML is used.
    fn is_taken(&self) -> bool {
        build_if_changed(&self.project).unwrap();
        fs::read_to_string(self.root().join("book/index.html")).unwrap() == "marked"
    }
}

#[test]
fn uses_the_existing_html_if_nothing_has_changed() {
    assert!(Marked::new().is_taken());
}

#[test]
fn builds_the_book_if_a_page_has_changed() {
    let book = Marked::new();
    book.write("src/tides.md", "# Tides\n\nHigh water at midnight.\n");
    assert!(!book.is_taken());
}

#[test]
fn builds_the_book_if_a_page_or_a_theme_was_added_or_removed() {
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
fn builds_the_book_after_an_interrupted_build_or_a_deletion() {
    let book = Marked::new();
    book.write("src/SUMMARY.md", "[Tides](tides.md\n- - -\n- [");
    assert!(build(&book.project).is_err());
    book.write("src/SUMMARY.md", "- [Tides](tides.md)\n");
    assert!(!book.is_taken());
    let book = Marked::new();
    fs::remove_dir_all(book.root().join("book")).unwrap();
    assert!(!book.is_taken());
}

#[cfg(unix)]
#[test]
fn refuses_to_publish_what_a_link_leads_to() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.md");
    fs::write(&secret, "a secret").unwrap();
    let nowhere = outside.path().join("nowhere");
    for (place, target) in [
        ("src/file.txt", &*secret),
        ("src/page.md", &secret),
        ("src/folder", outside.path()),
        ("src/broken.txt", &nowhere),
        ("theme/head.hbs", &secret),
    ] {
        let book = Marked::new();
        fs::create_dir_all(book.root().join("theme")).unwrap();
        symlink(target, book.root().join(place)).unwrap();
        let error = build(&book.project).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{place} is a link")), "{error}");
    }
    let book = Marked::new();
    symlink("tides.md", book.root().join("src/same.md")).unwrap();
    build(&book.project).unwrap();
}

#[test]
fn build_always_builds() {
    let book = Marked::new();
    let page = build(&book.project).unwrap();
    assert_ne!(fs::read_to_string(page).unwrap(), "marked");
}

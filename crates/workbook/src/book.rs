//! The book's HTML, made in process: no mdBook has to be installed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use autograder::Project;
use mdbook_driver::MDBook;

/// Builds the book's HTML into `book/` and gives the page to open.
///
/// # Errors
///
/// As [`build_into`].
pub fn build(project: &Project) -> Result<PathBuf> {
    let folder = project.path("book");
    build_into(project, &folder)?;
    Ok(folder.join("index.html"))
}

/// Builds the book's HTML into a folder, as a stock `mdbook build` does.
///
/// # Errors
///
/// If `book.toml`, `SUMMARY.md` or a page is at fault, or the folder cannot be written; mdBook says
/// which.
pub fn build_into(project: &Project, folder: &Path) -> Result<()> {
    let load = || -> mdbook_driver::errors::Result<()> {
        let mut book = MDBook::load(project.root())?;
        book.config.build.build_dir = folder.to_owned();
        book.build()
    };
    load().context("The book could not be built.")
}

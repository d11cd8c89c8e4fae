//! Builds the book's HTML in process, so that mdBook need not be installed.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use autograder::hash::hash;
use autograder::{Project, files, tool_build};
use mdbook_driver::MDBook;

/// The file next to the HTML with the fingerprint of its sources.
const FINGERPRINT: &str = ".fingerprint";

/// The folders that mdBook reads.
const SOURCES: [&str; 2] = ["src", "theme"];

/// The prefix of environment variables that change mdBook's configuration.
const VARIABLES: &str = "MDBOOK_";

/// What an error of mdBook begins with.
pub(crate) const NOT_BUILT: &str = "The book could not be built.";

/// Builds the book's HTML into `book/` and returns the page to open.
///
/// # Errors
///
/// As [`build_into`].
pub fn build(project: &Project) -> Result<PathBuf> {
    let folder = project.path("book");
    let file = folder.join(FINGERPRINT);
    // Removed first, in case the build is interrupted.
    match fs::remove_file(&file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(files::advise("The book was not built", &file, error));
        }
        _ => {}
    }
    let fingerprint = fingerprint(project)?;
    build_into(project, &folder)?;
    files::write(&file, fingerprint)?;
    Ok(folder.join("index.html"))
}

/// Builds the book's HTML into `book/`, unless it exists and its sources have not changed.
///
/// # Errors
///
/// As [`build_into`].
pub fn build_if_changed(project: &Project) -> Result<()> {
    let last = fs::read_to_string(project.path("book").join(FINGERPRINT));
    if last.is_ok_and(|last| fingerprint(project).is_ok_and(|now| now == last)) {
        return Ok(());
    }
    build(project).map(drop)
}

/// Builds the book's HTML into a folder, as a stock `mdbook build` does.
///
/// # Errors
///
/// If `book.toml`, `SUMMARY.md` or a page is invalid, or the folder is not writable; the message of mdBook
/// says which.
pub fn build_into(project: &Project, folder: &Path) -> Result<()> {
    let mut book = load(project)?;
    book.config.build.build_dir = folder.to_owned();
    book.build().context(NOT_BUILT)
}

/// The book's configuration and pages.
///
/// # Errors
///
/// If `book.toml` or `SUMMARY.md` is invalid, or a page cannot be read.
pub(crate) fn load(project: &Project) -> Result<MDBook> {
    refuse_links_to_the_outside(project)?;
    MDBook::load(project.root()).context(NOT_BUILT)
}

/// Fails if a page or a file of the theme is a link to a file outside of the project: it would be published.
fn refuse_links_to_the_outside(project: &Project) -> Result<()> {
    let root = project.root().canonicalize();
    let root = root.context("The folder of the workbook cannot be read.")?;
    for folder in SOURCES {
        let entries = files::entries_below(&project.path(folder))?;
        for link in entries.into_iter().filter(|entry| entry.is_symlink()) {
            ensure!(
                link.canonicalize()
                    .is_ok_and(|target| target.starts_with(&root)),
                "{} is a link to a file outside of the workbook. Replace it by a copy of the file, or remove it.",
                project.relative(&link)
            );
        }
    }
    Ok(())
}

/// A hash of everything that the HTML is made from.
fn fingerprint(project: &Project) -> Result<String> {
    let mut parts = vec![tool_build::id()?.into_bytes()];
    let mut sources = vec![project.path("book.toml")];
    for folder in SOURCES {
        let entries = files::entries_below(&project.path(folder))?;
        sources.extend(entries.into_iter().filter(|entry| entry.is_file()));
    }
    for file in sources {
        let text =
            fs::read(&file).with_context(|| format!("{} cannot be read.", file.display()))?;
        parts.extend([file.into_os_string().into_encoded_bytes(), text]);
    }
    let mut variables: Vec<_> = std::env::vars_os()
        .filter(|(name, _)| name.to_string_lossy().starts_with(VARIABLES))
        .collect();
    variables.sort_unstable();
    let bytes = OsString::into_encoded_bytes;
    parts.extend(
        variables
            .into_iter()
            .flat_map(|(name, value)| [bytes(name), bytes(value)]),
    );
    Ok(hash(&parts))
}

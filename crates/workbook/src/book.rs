//! The book's HTML, made in process: no mdBook has to be installed.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use autograder::hash::hash;
use autograder::{Project, files, running};
use mdbook_driver::MDBook;

/// Where it is said, beside the HTML, what that was made of.
const MADE_OF: &str = ".made-of";

/// What mdBook reads.
const SOURCES: [&str; 2] = ["src", "theme"];

/// What the names of variables begin with that change mdBook's configuration.
const VARIABLES: &str = "MDBOOK_";

/// Builds the book's HTML into `book/` and gives the page to open.
///
/// # Errors
///
/// As [`build_into`].
pub fn build(project: &Project) -> Result<PathBuf> {
    let folder = project.path("book");
    let note = folder.join(MADE_OF);
    // From here on it is something else, also if this is broken off.
    match fs::remove_file(&note) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(files::advise("The book was not built", &note, error));
        }
        _ => {}
    }
    let made_of = made_of(project)?;
    build_into(project, &folder)?;
    files::write(&note, made_of)?;
    Ok(folder.join("index.html"))
}

/// Builds the book's HTML into `book/`, unless it is there and nothing has changed since.
///
/// # Errors
///
/// As [`build_into`].
pub fn build_if_changed(project: &Project) -> Result<()> {
    let last = fs::read_to_string(project.path("book").join(MADE_OF));
    if last.is_ok_and(|last| made_of(project).is_ok_and(|now| now == last)) {
        return Ok(());
    }
    build(project).map(drop)
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

/// A name for everything that goes into the HTML.
fn made_of(project: &Project) -> Result<String> {
    let mut parts = vec![running::build()?.into_bytes()];
    let mut sources = vec![project.path("book.toml")];
    for folder in SOURCES {
        sources.extend(files::all_below(&project.path(folder))?);
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

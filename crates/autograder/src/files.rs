//! Reads, writes and lists files, with errors that name the file.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result};
use tempfile::NamedTempFile;

/// The text of a file.
///
/// # Errors
///
/// If it cannot be read or is not UTF-8.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} could not be read.", path.display()))
}

/// Writes a file, and creates its folder if necessary.
///
/// # Errors
///
/// If the file or its folder cannot be written.
pub fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    fs::write(path, text).with_context(|| format!("{} could not be written.", path.display()))
}

/// Replaces a file atomically: even after a crash, the file has either its old content or the new one.
///
/// # Errors
///
/// If the file or its folder cannot be written; the file is unchanged then.
pub fn write_atomically(path: &Path, text: impl AsRef<[u8]>) -> Result<()> {
    let folder = path.parent().context("A file has a parent folder.")?;
    create_folder(folder)?;
    let replace = || -> io::Result<()> {
        let mut new = new_file(folder)?;
        new.write_all(text.as_ref())?;
        if let Ok(old) = fs::metadata(path) {
            new.as_file().set_permissions(old.permissions())?;
        }
        new.as_file().sync_all()?;
        new.persist(path).map_err(|error| error.error)?;
        sync(folder)
    };
    replace().with_context(|| format!("{} could not be written.", path.display()))
}

/// All files below a folder with this extension, sorted; none if the folder does not exist.
///
/// # Errors
///
/// If a folder cannot be listed.
pub fn below(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = all_below(folder)?;
    found.retain(|path| path.extension().is_some_and(|e| e == extension));
    Ok(found)
}

/// All files below a folder, sorted; none if the folder does not exist.
///
/// # Errors
///
/// If a folder cannot be listed.
pub fn all_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("{} could not be listed.", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The line, counted from 1, that contains byte `offset` of `text`.
pub fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes()[..offset.min(text.len())]
        .iter()
        .filter(|&&byte| byte == b'\n')
        .count()
}

/// Adds a sentence to `error` that says what failed and what to do about it. `failure` is the start of that
/// sentence, such as "Progress was not saved".
pub fn advise(failure: &str, place: &Path, error: impl Into<Error>) -> Error {
    let error = error.into();
    let kind = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<io::Error>())
        .map_or(ErrorKind::Other, io::Error::kind);
    let place = place.display();
    error.context(match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!(
                "{failure}, because the disk of {place} is full. Free some space and try again."
            )
        }
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => format!(
            "{failure}, because {place} is not writable. Make it writable, or work in a copy of \
             the project that you own."
        ),
        _ => format!("{failure}. Make sure that {place} can be written, and try again."),
    })
}

fn create_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("{} could not be created.", folder.display()))
}

/// A temporary file next to the one that it will replace, with the default mode of a new file.
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".new-").tempfile_in(folder)
}

/// Makes a rename in this folder durable. Windows has no such call and needs none.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

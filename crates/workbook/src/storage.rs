//! The folder `.workbook`, in which the tool stores the learner's progress and backups of answers.
//!
//! It is next to `target`, not in it, so that `cargo clean` does not remove it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The storage folder of the project in `root`.
pub fn folder(root: &Path) -> PathBuf {
    root.join(".workbook")
}

/// Acquires the lock `name`, which no other process can hold at the same time, until the result is dropped. The
/// system releases it when the process dies.
///
/// # Errors
///
/// If the lock file cannot be created, or the file system does not support locks. The error is an
/// [`io::Error`] about the folder.
pub fn lock(root: &Path, name: &str) -> io::Result<File> {
    let folder = folder(root);
    fs::create_dir_all(&folder)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(name))?;
    file.lock()?;
    Ok(file)
}

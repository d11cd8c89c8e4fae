//! The folder `.workbook`, where the tool keeps what must not be lost.
//!
//! It lies beside `target`, not in it: `cargo clean` leaves it alone.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The folder for what is kept about the project in `root`.
pub fn folder(root: &Path) -> PathBuf {
    root.join(".workbook")
}

/// Waits until no other tool holds the lock `name`, and holds it until the result is dropped. The
/// system lets go of it by itself when the process dies.
///
/// # Errors
///
/// If the lock's file cannot be made, or the file system has no locks. The error is an
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

//! Whether files have changed. As in cargo itself, a file counts as changed if its size or its modification time has
//! changed.

use std::path::Path;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};

/// The sizes and modification times of files, which must exist.
pub fn stamp_of_files<'a>(files: impl IntoIterator<Item = &'a Path>) -> Result<String> {
    let mut stamp = String::new();
    for file in files {
        let of_file =
            stamp_of(file).with_context(|| format!("{} has been deleted.", file.display()))?;
        stamp += &format!("{} {of_file}\n", file.display());
    }
    Ok(stamp)
}

/// A file's size and modification time.
pub fn stamp_of(file: &Path) -> Option<String> {
    let metadata = file.metadata().ok()?;
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH);
    Some(format!(
        "{} {}",
        metadata.len(),
        modified.unwrap_or_default().as_nanos()
    ))
}

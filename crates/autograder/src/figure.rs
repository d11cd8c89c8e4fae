//! Reads the timeline that a program recorded of itself.

use std::path::Path;

use anyhow::{Context, Result};
use timeline::RecordedFigure;

/// The environment variable that names the file to which `timeline` writes the recording.
pub(crate) const FILE: &str = "TIMELINE_FILE";

/// The size of the largest recording that is drawn, in bytes. That of a program of the book has a few thousand.
const LARGEST: u64 = 16 << 20;

/// The recording in this file; none if the program has written none, or something else.
///
/// # Errors
///
/// If the file exists and cannot be read.
pub fn read(file: &Path) -> Result<Option<RecordedFigure>> {
    let bytes = sandbox::read_written(file, LARGEST)
        .with_context(|| format!("{} could not be read.", file.display()))?;
    Ok(bytes.and_then(|bytes| RecordedFigure::parse(str::from_utf8(&bytes).ok()?)))
}

//! Writes a submission as one zip file, whose bytes depend on its contents only.

use std::io::{Cursor, Write};
use std::path::Path;

use anyhow::Result;
use autograder::files;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{ABOUT, ANSWERS, About, Files};

/// A submission as a zip file. Equal submissions have equal bytes: files are sorted, and their times are not recorded.
///
/// # Errors
///
/// If a file is larger than a zip file may contain.
pub fn to_zip(about: &About, answers: &Files) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut add = |name: &str, bytes: &[u8]| -> Result<()> {
        zip.start_file(name, options)?;
        Ok(zip.write_all(bytes)?)
    };
    add(ABOUT, about.text().as_bytes())?;
    for (file, bytes) in answers {
        add(&format!("{ANSWERS}/{file}"), bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Writes a submission to a file, and replaces one that is there.
///
/// # Errors
///
/// If the file cannot be written; a file that is there is unchanged then.
pub fn write(path: &Path, about: &About, answers: &Files) -> Result<()> {
    files::write_atomically(path, to_zip(about, answers)?)
}

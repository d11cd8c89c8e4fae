//! Why an answer was not changed.

use std::path::PathBuf;

/// Why an answer was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be split into exercises. The whole chapter can be reset all the same.
    #[error(
        "{} cannot be parsed, because line {line} is not valid Rust, so a single exercise cannot be \
         replaced in it. Fix that line, or reset the whole chapter, which saves a backup.",
        file.display()
    )]
    DoesNotParse {
        /// The file, which may be a backup in `.workbook/answers`.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// Git could not merge the file, and has left both versions in it.
    #[error(
        "{} contains two versions, which git could not merge: line {line} is a conflict marker. Keep one version of each \
         place, delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`, and try again.",
        file.display()
    )]
    ConflictMarker {
        /// The file.
        file: PathBuf,
        /// The line of the first marker, counted from 1.
        line: usize,
    },
    /// Another program saved the file at the same time.
    #[error(
        "Another program saved {} at the same time. Nothing was changed; try again.",
        file.display()
    )]
    Conflict {
        /// The file.
        file: PathBuf,
    },
    /// A file could not be read or written, or the stub has no such exercise.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

//! The copies in `.workbook/answers/<module>`.
//!
//! Their names say all there is to know: `0003-fetch_all.rs` is the file before `fetch_all` was reset,
//! `0004-all.rs` before the whole chapter was, and `0005-undo-0003-fetch_all.rs` before the first of
//! these resets was undone for `fetch_all`.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use autograder::files;

use crate::saved;

const ALL: &str = "all";

/// The copies of one chapter's answers.
pub struct Kept {
    folder: PathBuf,
}

/// One copy.
pub struct Copy {
    /// Where it is.
    pub file: PathBuf,
    /// What was about to be reset or undone: an exercise, or the whole chapter.
    pub exercise: Option<String>,
    number: u64,
    /// The number of the copy that was about to be brought back.
    undoes: Option<u64>,
}

impl Kept {
    /// The copies of the module of that name.
    pub fn of(root: &Path, module: &str) -> Self {
        Self {
            folder: saved::folder(root).join("answers").join(module),
        }
    }

    /// Keeps the file before a reset.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn before_reset(&self, exercise: Option<&str>, bytes: &[u8]) -> Result<PathBuf> {
        self.keep(exercise.unwrap_or(ALL), bytes)
    }

    /// Keeps the file before `copy` is brought back for an exercise or the whole chapter.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn before_undo(
        &self,
        copy: &Copy,
        exercise: Option<&str>,
        bytes: &[u8],
    ) -> Result<PathBuf> {
        let what = exercise.unwrap_or(ALL);
        self.keep(&format!("undo-{:04}-{what}", copy.number), bytes)
    }

    /// The copies that an undo may bring back, the newest first: made before a reset of `exercise` or
    /// of the whole chapter (before any reset, for `None`), and not brought back yet. `present` is the
    /// file as it is now.
    ///
    /// # Errors
    ///
    /// If the copies cannot be read.
    pub fn to_undo(&self, exercise: Option<&str>, present: &[u8]) -> Result<Vec<Copy>> {
        let copies = self.copies()?;
        let mut undone = Vec::new();
        for copy in &copies {
            let Some(number) = copy.undoes else { continue };
            // An undo that left the file as it had been was interrupted, and does not count.
            if copy.bytes()? != present {
                undone.push((number, copy.exercise.clone()));
            }
        }
        let mut open: Vec<_> = copies
            .into_iter()
            .filter(|copy| copy.undoes.is_none())
            .filter(|copy| {
                let of = copy.exercise.as_deref();
                exercise.is_none() || of.is_none() || of == exercise
            })
            .filter(|copy| {
                let wanted = exercise.or(copy.exercise.as_deref());
                !undone.iter().any(|(number, of)| {
                    *number == copy.number && (of.is_none() || of.as_deref() == wanted)
                })
            })
            .collect();
        open.sort_by_key(|copy| std::cmp::Reverse(copy.number));
        Ok(open)
    }

    /// The next number is above all that were ever used, because no copy is ever removed.
    fn keep(&self, what: &str, bytes: &[u8]) -> Result<PathBuf> {
        let copies = self.copies()?;
        let number = 1 + copies.iter().map(|copy| copy.number).max().unwrap_or(0);
        let file = self.folder.join(format!("{number:04}-{what}.rs"));
        files::write_whole(&file, bytes)?;
        Ok(file)
    }

    fn copies(&self) -> Result<Vec<Copy>> {
        let context = || format!("{} could not be listed.", self.folder.display());
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(context),
        };
        let mut copies = Vec::new();
        for entry in entries {
            copies.extend(Copy::at(entry.with_context(context)?.path()));
        }
        Ok(copies)
    }
}

impl Copy {
    /// The file as it was.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        fs::read(&self.file).with_context(|| format!("{} could not be read.", self.file.display()))
    }

    /// The copy whose file this is. `None` if it is something else.
    fn at(file: PathBuf) -> Option<Self> {
        let name = file.file_name()?.to_str()?.strip_suffix(".rs")?;
        let parts: Vec<_> = name.split('-').collect();
        let (number, undoes, what) = match parts[..] {
            [number, what] => (number, None, what),
            [number, "undo", undoes, what] => (number, Some(undoes.parse().ok()?), what),
            _ => return None,
        };
        Some(Self {
            number: number.parse().ok()?,
            undoes,
            exercise: (what != ALL).then(|| what.to_owned()),
            file,
        })
    }
}

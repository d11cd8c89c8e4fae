//! The backups in `.workbook/answers/<module>`.
//!
//! Their names contain all that is known about them: `0003-fetch_all.rs` is the file before a reset of `fetch_all`,
//! `0004-all.rs` the file before a reset of the whole chapter, and `0005-undo-0003-fetch_all.rs` the file before the
//! first of these resets was undone for `fetch_all`. `0006-before-update.rs` is the file before an update of the workbook,
//! which is not undone.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use autograder::files;

use crate::storage;

const ALL: &str = "all";

/// The backups of one chapter's answers.
pub struct Backups {
    folder: PathBuf,
}

/// One backup.
pub struct Backup {
    /// Its file.
    pub file: PathBuf,
    /// What was reset or undone after the backup: an exercise, or the whole chapter.
    pub exercise: Option<String>,
    number: u64,
    /// The number of the backup that was restored after this one, if it precedes an undo.
    undoes: Option<u64>,
    is_of_update: bool,
}

impl Backups {
    /// The backups of this module.
    pub fn of(root: &Path, module: &str) -> Self {
        Self {
            folder: storage::folder(root).join("answers").join(module),
        }
    }

    /// Saves a backup of the file before a reset.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn before_reset(&self, exercise: Option<&str>, bytes: &[u8]) -> Result<PathBuf> {
        self.save(exercise.unwrap_or(ALL), bytes)
    }

    /// Saves a backup of the file before `former` is restored for an exercise or the whole chapter.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn before_undo(
        &self,
        former: &Backup,
        exercise: Option<&str>,
        bytes: &[u8],
    ) -> Result<PathBuf> {
        let what = exercise.unwrap_or(ALL);
        self.save(&format!("undo-{:04}-{what}", former.number), bytes)
    }

    /// Saves a backup of the file before an update of the workbook.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn before_update(&self, bytes: &[u8]) -> Result<PathBuf> {
        self.save("before-update", bytes)
    }

    /// The backups that an undo may restore, the newest first: those saved before a reset of `exercise` or
    /// of the whole chapter (before any reset, for `None`) that have not been restored yet. `present` is the
    /// present content of the file.
    ///
    /// # Errors
    ///
    /// If the backups cannot be read.
    pub fn to_undo(&self, exercise: Option<&str>, present: &[u8]) -> Result<Vec<Backup>> {
        let backups = self.all()?;
        let mut undone = Vec::new();
        for backup in &backups {
            let Some(number) = backup.undoes else {
                continue;
            };
            // An undo that was interrupted before it changed the file does not count.
            if backup.bytes()? != present {
                undone.push((number, backup.exercise.clone()));
            }
        }
        let mut open: Vec<_> = backups
            .into_iter()
            .filter(|backup| backup.undoes.is_none() && !backup.is_of_update)
            .filter(|backup| {
                let of = backup.exercise.as_deref();
                exercise.is_none() || of.is_none() || of == exercise
            })
            .filter(|backup| {
                let wanted = exercise.or(backup.exercise.as_deref());
                !undone.iter().any(|(number, of)| {
                    *number == backup.number && (of.is_none() || of.as_deref() == wanted)
                })
            })
            .collect();
        open.sort_by_key(|backup| std::cmp::Reverse(backup.number));
        Ok(open)
    }

    /// The new number has never been used, because backups are never removed.
    fn save(&self, what: &str, bytes: &[u8]) -> Result<PathBuf> {
        let backups = self.all()?;
        let number = 1 + backups
            .iter()
            .map(|backup| backup.number)
            .max()
            .unwrap_or(0);
        let file = self.folder.join(format!("{number:04}-{what}.rs"));
        files::write_atomically(&file, bytes)?;
        Ok(file)
    }

    fn all(&self) -> Result<Vec<Backup>> {
        let context = || format!("{} could not be listed.", self.folder.display());
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(context),
        };
        let mut backups = Vec::new();
        for entry in entries {
            backups.extend(Backup::at(entry.with_context(context)?.path()));
        }
        Ok(backups)
    }
}

impl Backup {
    /// The content of the file.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        fs::read(&self.file).with_context(|| format!("{} could not be read.", self.file.display()))
    }

    /// The backup in this file, or `None` if the file is not a backup.
    fn at(file: PathBuf) -> Option<Self> {
        let name = file.file_name()?.to_str()?.strip_suffix(".rs")?;
        let parts: Vec<_> = name.split('-').collect();
        let (number, undoes, what) = match parts[..] {
            [number, what] => (number, None, what),
            [number, "before", "update"] => (number, None, ALL),
            [number, "undo", undoes, what] => (number, Some(undoes.parse().ok()?), what),
            _ => return None,
        };
        Some(Self {
            number: number.parse().ok()?,
            undoes,
            is_of_update: parts.len() == 3,
            exercise: (what != ALL).then(|| what.to_owned()),
            file,
        })
    }
}

//! An update that has begun, on the disk, so that one that was interrupted can be finished.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use autograder::files;
use serde::{Deserialize, Serialize};

use crate::storage;

/// An update that has begun.
#[derive(Serialize, Deserialize)]
pub struct Journal {
    /// The commit before the update.
    pub old: String,
    /// The answers that were put aside.
    pub answers: Vec<PutAside>,
}

/// An answer that was put aside.
#[derive(Serialize, Deserialize)]
pub struct PutAside {
    /// Its file, relative to the root.
    pub file: String,
    /// The backup of its text.
    pub backup: PathBuf,
    /// Where its file leads to, if it is a symbolic link.
    pub link: Option<PathBuf>,
}

/// Whether an update has begun and is not finished.
pub fn exists(root: &Path) -> bool {
    file(root).exists()
}

impl Journal {
    /// The update that has begun, if there is one.
    ///
    /// # Errors
    ///
    /// If its file cannot be read.
    pub fn read(root: &Path) -> Result<Option<Self>> {
        let file = file(root);
        let context = || format!("{} could not be read.", file.display());
        match fs::read(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(context),
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .with_context(context),
        }
    }

    /// Stores it.
    ///
    /// # Errors
    ///
    /// If its file cannot be written.
    pub fn write(&self, root: &Path) -> Result<()> {
        files::write_atomically(&file(root), serde_json::to_vec_pretty(self)?)
    }

    /// Removes it once the update is finished.
    ///
    /// # Errors
    ///
    /// If its file cannot be removed.
    pub fn remove(root: &Path) -> Result<()> {
        let file = file(root);
        fs::remove_file(&file).with_context(|| format!("{} could not be removed.", file.display()))
    }
}

fn file(root: &Path) -> PathBuf {
    storage::folder(root).join("update.json")
}

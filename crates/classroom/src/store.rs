//! What has been graded, on the disk.
//!
//! A graded chapter is stored under a hash of itself, its id, which is the same on every machine. A file for each key, a hash of
//! everything that the verdict depends on, contains the id, so that equal answers are graded once, and nothing that is
//! unchanged is graded again. Each file is written whole: if the process is killed, the verdicts under way are lost, and no
//! other.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use autograder::files;
use autograder::hash::hash;
use autograder::verdict::ChapterVerdict;
use serde::{Deserialize, Serialize};

/// A chapter that has been graded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradedChapter {
    /// The verdict.
    pub verdict: ChapterVerdict,
    /// Whether it holds for good. Otherwise the answers are graded again the next time.
    pub is_final: bool,
    /// The text of the chapter's file.
    pub answers: String,
}

/// The graded chapters in a folder.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The chapters in an output folder.
    pub fn in_output(folder: &Path) -> Self {
        Self::at(folder.join("verdicts"))
    }

    /// The verdicts in this folder, which is created with the first one.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The chapter with this id, if there is one. A file that is incomplete counts as missing.
    ///
    /// # Errors
    ///
    /// If there is a file that cannot be read.
    pub fn read(&self, id: &str) -> Result<Option<GradedChapter>> {
        let text = read(&self.file(id))?;
        Ok(text.and_then(|text| serde_json::from_slice(&text).ok()))
    }

    /// What was graded under a key, if anything was, with its id.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn find(&self, key: &str) -> Result<Option<(String, GradedChapter)>> {
        let id = read(&self.file_of_key(key))?.and_then(|id| String::from_utf8(id).ok());
        let Some(id) = id.filter(|id| id.len() == key.len()) else {
            return Ok(None);
        };
        Ok(self.read(&id)?.map(|chapter| (id, chapter)))
    }

    /// Stores a chapter, and returns its id.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn add(&self, chapter: &GradedChapter) -> Result<String> {
        let text = serde_json::to_vec(chapter).context("a verdict can be written as JSON")?;
        let id = hash(&[&text]);
        let file = self.file(&id);
        if read(&file)?.as_deref() != Some(&text) {
            files::write_atomically(&file, text)?;
        }
        Ok(id)
    }

    /// Stores a chapter that was graded under this key, and returns its id.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, key: &str, chapter: &GradedChapter) -> Result<String> {
        let id = self.add(chapter)?;
        files::write_atomically(&self.file_of_key(key), &id)?;
        Ok(id)
    }

    fn file(&self, id: &str) -> PathBuf {
        // Folders of a few hundred files each stay fast.
        self.folder.join(&id[..2]).join(format!("{id}.json"))
    }

    fn file_of_key(&self, key: &str) -> PathBuf {
        self.folder.join("keys").join(&key[..2]).join(key)
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The content of a file, if there is one.
fn read(file: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} could not be read.", file.display())),
    }
}

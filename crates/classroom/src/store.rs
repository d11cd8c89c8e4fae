//! What has been graded, on the disk.
//!
//! A verdict is stored under a hash of everything that it depends on, so that equal answers are graded once, and nothing
//! that is unchanged is graded again. Each file is written whole: if the process is killed, the verdicts under way are lost,
//! and no other.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use autograder::files;
use autograder::verdict::{ChapterVerdict, ExerciseVerdict};
use serde::{Deserialize, Serialize};

/// A chapter that has been graded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradedChapter {
    /// The verdict.
    pub verdict: ChapterVerdict,
    /// The text of the chapter's file.
    pub answers: String,
}

impl GradedChapter {
    /// Whether the verdict holds for good. If it depends on how much real time something took, the same answers may be
    /// right on a machine that is less busy, and are graded again the next time.
    pub fn is_final(&self) -> bool {
        !self
            .verdict
            .exercises
            .iter()
            .any(ExerciseVerdict::in_real_time)
    }
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

    /// What is stored under a key, if anything is. A file that is incomplete counts as missing.
    ///
    /// # Errors
    ///
    /// If there is a file that cannot be read.
    pub fn read(&self, key: &str) -> Result<Option<GradedChapter>> {
        let file = self.file(key);
        match fs::read(&file) {
            Ok(text) => Ok(serde_json::from_slice(&text).ok()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(error).with_context(|| format!("{} could not be read.", file.display()))
            }
        }
    }

    /// Stores a chapter, in place of what is stored under the key.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, key: &str, chapter: &GradedChapter) -> Result<()> {
        let text = serde_json::to_vec(chapter).context("a verdict can be written as JSON")?;
        files::write_atomically(&self.file(key), text)
    }

    fn file(&self, key: &str) -> PathBuf {
        // Folders of a few hundred files each stay fast.
        self.folder.join(&key[..2]).join(format!("{key}.json"))
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

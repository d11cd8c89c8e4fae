//! A cache of verdicts, each under the hash of everything that it depends on.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::inputs::Inputs;
use crate::verdict::ChapterVerdict;

/// How many verdicts are kept. Each takes a few kilobytes, and as many again for each failing test.
const CAPACITY: usize = 500;

/// The cached verdict on one version of a chapter.
pub(super) struct CachedVerdict {
    folder: PathBuf,
    file: PathBuf,
}

/// A verdict, and what the answers take in.
#[derive(Serialize, Deserialize)]
struct Stored {
    inputs: Inputs,
    verdict: ChapterVerdict,
}

impl CachedVerdict {
    pub fn at(folder: PathBuf, key: &str) -> Self {
        Self {
            file: folder.join(format!("{key}.json")),
            folder,
        }
    }

    /// The verdict on those of the chapter's exercises that have been graded, if what the answers take in has not
    /// changed. An incomplete file counts as missing.
    pub fn read(&self) -> Option<ChapterVerdict> {
        let stored: Stored = serde_json::from_slice(&fs::read(&self.file).ok()?).ok()?;
        stored.inputs.are_current().then_some(stored.verdict)
    }

    /// Stores a verdict, without the exercises whose verdict depends on real time: on a machine that is less busy they
    /// may be right, and an unchanged answer must not stay wrong. A verdict is not stored if the answers may take in
    /// something that is not known, or the disk is full: then it is computed again.
    pub fn write(&self, verdict: &ChapterVerdict, inputs: Option<Inputs>) {
        let Some(inputs) = inputs else {
            return;
        };
        let mut verdict = verdict.clone();
        verdict
            .exercises
            .retain(|exercise| !exercise.in_real_time());
        let _ = self.replace(&Stored { inputs, verdict });
        prune(&self.folder);
    }

    /// The file is renamed into place but not synced to the disk, because the verdict can be computed again.
    fn replace(&self, stored: &Stored) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let new = tempfile::NamedTempFile::new_in(&self.folder)?;
        fs::write(new.path(), serde_json::to_vec(stored)?)?;
        new.persist(&self.file)?;
        Ok(())
    }
}

/// Removes the older half when there are too many. A file that cannot be removed stays.
fn prune(folder: &Path) {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = files
        .filter_map(|file| Some((file.metadata().ok()?.modified().ok()?, file.path())))
        .collect();
    if files.len() > CAPACITY {
        files.sort();
        for (_, file) in &files[..CAPACITY / 2] {
            let _ = fs::remove_file(file);
        }
    }
}

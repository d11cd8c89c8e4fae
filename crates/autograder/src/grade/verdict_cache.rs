//! A cache of verdicts, each under the hash of everything that it depends on.

use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::Result;

use crate::files;
use crate::verdict::ChapterVerdict;

/// How many verdicts are kept. Each takes a few kilobytes, and as many again for each failing test.
const CAPACITY: usize = 500;

/// The cached verdict on one version of a chapter.
pub(super) struct CachedVerdict {
    folder: PathBuf,
    file: PathBuf,
}

impl CachedVerdict {
    pub fn at(folder: PathBuf, key: &str) -> Self {
        Self {
            file: folder.join(format!("{key}.json")),
            folder,
        }
    }

    /// The verdict on those of the chapter's exercises that have been graded. An incomplete file
    /// counts as missing.
    pub fn read(&self) -> Option<ChapterVerdict> {
        serde_json::from_slice(&fs::read(&self.file).ok()?).ok()
    }

    /// Stores a verdict, without the exercises whose verdict depends on real time: on a machine that is less busy they may
    /// be right, and an unchanged answer must not stay wrong. The file is renamed into place but not synced to the disk, because the verdict can be
    /// computed again.
    pub fn write(&self, verdict: &ChapterVerdict) -> Result<()> {
        let mut verdict = verdict.clone();
        verdict
            .exercises
            .retain(|exercise| !exercise.in_real_time());
        let write = || -> io::Result<()> {
            fs::create_dir_all(&self.folder)?;
            let new = tempfile::NamedTempFile::new_in(&self.folder)?;
            fs::write(new.path(), serde_json::to_vec(&verdict)?)?;
            new.persist(&self.file)?;
            Ok(())
        };
        write().map_err(|error| files::advise("The verdict was not saved", &self.folder, error))?;
        prune(&self.folder);
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

//! Verdicts that are known already, each under the name of everything that it depends on.

use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::Result;

use crate::files;
use crate::verdict::ChapterVerdict;

/// How many verdicts are kept; each is a few kilobytes, and as many more for each test that fails.
const AT_MOST: usize = 500;

pub(super) struct Kept {
    folder: PathBuf,
    file: PathBuf,
}

impl Kept {
    pub fn at(folder: PathBuf, key: &str) -> Self {
        Self {
            file: folder.join(format!("{key}.json")),
            folder,
        }
    }

    /// The verdict on as many of the chapter's exercises as were graded. A file that is not whole
    /// counts as none.
    pub fn read(&self) -> Option<ChapterVerdict> {
        serde_json::from_slice(&fs::read(&self.file).ok()?).ok()
    }

    /// Keeps a verdict. It is renamed into place but not waited for: it can be had again.
    pub fn write(&self, verdict: &ChapterVerdict) -> Result<()> {
        let write = || -> io::Result<()> {
            fs::create_dir_all(&self.folder)?;
            let new = tempfile::NamedTempFile::new_in(&self.folder)?;
            fs::write(new.path(), serde_json::to_vec(verdict)?)?;
            new.persist(&self.file)?;
            Ok(())
        };
        write().map_err(|error| files::advise("The verdict was not kept", &self.folder, error))?;
        prune(&self.folder);
        Ok(())
    }
}

/// Drops the older half when there are too many. What cannot be dropped stays.
fn prune(folder: &Path) {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = files
        .filter_map(|file| Some((file.metadata().ok()?.modified().ok()?, file.path())))
        .collect();
    if files.len() > AT_MOST {
        files.sort();
        for (_, file) in &files[..AT_MOST / 2] {
            let _ = fs::remove_file(file);
        }
    }
}

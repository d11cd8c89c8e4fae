//! A folder of things that were made once, each under the hash of everything it was made from.
//!
//! An entry is made in a folder of its own and then renamed: nobody sees half an entry, and no
//! executable is ever open for writing in a process that starts others (the cause of "Text file
//! busy").

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Error, Result, ensure};

use crate::files;
use crate::hash::hash;

/// How much may be kept before the least recently used goes, in bytes.
const LIMIT: u64 = 1 << 30;

/// A cache in a folder.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The cache in this folder; what was not used for long is dropped if it is too large.
    pub fn at(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder).map_err(|error| not_built(&folder, error))?;
        prune(&folder, LIMIT);
        Ok(Self { folder })
    }

    /// The folder for what is made of all these parts.
    pub fn entry(&self, parts: &[&str]) -> PathBuf {
        self.folder.join(hash(parts))
    }

    /// Has the folder `entry` made, unless it is there. `make` works in the folder it is given.
    pub fn once(&self, entry: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        if !entry.is_dir() {
            let folder = tempfile::tempdir_in(&self.folder)
                .map_err(|error| not_built(&self.folder, error))?;
            make(folder.path())?;
            let finished = folder.keep();
            if fs::rename(&finished, entry).is_err() {
                // Somebody else made the same entry meanwhile; it has the same content.
                fs::remove_dir_all(&finished)?;
                ensure!(entry.is_dir(), "{} could not be made.", entry.display());
            }
        }
        // The time of last use decides what is dropped when the cache is full.
        let _ = fs::File::open(entry).and_then(|folder| folder.set_modified(SystemTime::now()));
        Ok(())
    }
}

fn not_built(folder: &Path, error: io::Error) -> Error {
    files::advise("The program was not built", folder, error)
}

/// Drops the entries least recently used until the rest fits.
fn prune(cache: &Path, limit: u64) {
    let mut entries = BTreeMap::new();
    let mut total = 0;
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let path = entry.path();
        let size: u64 = fs::read_dir(&path)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|file| Some(file.metadata().ok()?.len()))
            .sum();
        if let Ok(used) = entry.metadata().and_then(|about| about.modified()) {
            total += size;
            entries.insert((used, path), size);
        }
    }
    for ((_, path), size) in entries {
        if total <= limit {
            break;
        }
        if fs::remove_dir_all(path).is_ok() {
            total -= size;
        }
    }
}

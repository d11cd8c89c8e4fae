//! A folder of build results, each under the hash of everything it was made from.
//!
//! An entry is made in a temporary folder and then renamed into place. So an entry is always complete, and no
//! executable is ever open for writing in a process that starts others (the cause of "Text file
//! busy").

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex};
use std::time::SystemTime;

use anyhow::{Error, Result, ensure};

use crate::files;
use crate::hash::hash;

/// A cache in a folder.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The cache in this folder. If its entries have more than `capacity` bytes, the least recently used ones are
    /// removed.
    ///
    /// # Errors
    ///
    /// If the folder cannot be created.
    pub fn at(folder: PathBuf, capacity: u64) -> Result<Self> {
        fs::create_dir_all(&folder).map_err(|error| not_built(&folder, error))?;
        prune(&folder, capacity);
        Ok(Self { folder })
    }

    /// The folder for what is made from all these parts.
    pub(crate) fn entry(&self, parts: &[&str]) -> PathBuf {
        self.folder.join(hash(parts))
    }

    /// Makes the folder `entry`, unless it exists. `make` is called with a temporary folder to work in.
    /// If another thread is making the same entry, this waits for it.
    pub(crate) fn make_once(
        &self,
        entry: &Path,
        make: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<()> {
        let _lock = EntryLock::acquire(entry);
        if !entry.is_dir() {
            let folder = tempfile::tempdir_in(&self.folder)
                .map_err(|error| not_built(&self.folder, error))?;
            make(folder.path())?;
            let finished = folder.keep();
            if fs::rename(&finished, entry).is_err() {
                // Another process has made the same entry in the meantime, with the same content.
                fs::remove_dir_all(&finished)?;
                ensure!(entry.is_dir(), "{} could not be created.", entry.display());
            }
        }
        // The time of last use decides what is removed when the cache is full.
        let _ = fs::File::open(entry).and_then(|folder| folder.set_modified(SystemTime::now()));
        Ok(())
    }
}

/// The entries that are being made.
static IN_PROGRESS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
static FINISHED: Condvar = Condvar::new();

/// Keeps other threads of this process from making the same entry. Other processes may make it: doing the work
/// twice is better than waiting for a process that was killed.
struct EntryLock<'a> {
    entry: &'a Path,
}

impl<'a> EntryLock<'a> {
    fn acquire(entry: &'a Path) -> Self {
        let in_progress = IN_PROGRESS.lock().expect(NEVER_POISONED);
        let in_progress = FINISHED.wait_while(in_progress, |entries| entries.contains(entry));
        in_progress.expect(NEVER_POISONED).insert(entry.to_owned());
        Self { entry }
    }
}

impl Drop for EntryLock<'_> {
    fn drop(&mut self) {
        IN_PROGRESS.lock().expect(NEVER_POISONED).remove(self.entry);
        FINISHED.notify_all();
    }
}

const NEVER_POISONED: &str = "no thread panics while it holds this lock";

fn not_built(folder: &Path, error: io::Error) -> Error {
    files::advise("The program was not built", folder, error)
}

/// Removes the least recently used entries until the rest fits.
fn prune(cache: &Path, capacity: u64) {
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
        if total <= capacity {
            break;
        }
        if fs::remove_dir_all(path).is_ok() {
            total -= size;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::thread;
    use std::time::Duration;

    use anyhow::bail;

    use super::Cache;

    const CAPACITY: u64 = 1 << 20;
    const UNTIL_ALL_THREADS_WAIT: Duration = Duration::from_millis(50);

    #[test]
    #[allow(
        clippy::disallowed_methods,
        reason = "whether a thread waits cannot be observed"
    )]
    fn concurrent_threads_make_an_entry_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().to_owned(), CAPACITY).unwrap();
        let (entry, made) = (cache.entry(&["a program"]), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let result = cache.make_once(&entry, |folder| {
                        made.fetch_add(1, SeqCst);
                        thread::sleep(UNTIL_ALL_THREADS_WAIT);
                        fs::write(folder.join("program"), "made")?;
                        Ok(())
                    });
                    result.unwrap();
                    assert_eq!(fs::read_to_string(entry.join("program")).unwrap(), "made");
                });
            }
        });
        assert_eq!(made.load(SeqCst), 1);
    }

    #[test]
    fn a_failed_entry_can_be_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().to_owned(), CAPACITY).unwrap();
        let entry = cache.entry(&["a program"]);
        assert!(cache.make_once(&entry, |_| bail!("disk full")).is_err());
        cache.make_once(&entry, |_| Ok(())).unwrap();
        assert!(entry.is_dir());
    }
}

//! A folder of things that were made once, each under the hash of everything it was made from.
//!
//! An entry is made in a folder of its own and then renamed: nobody sees half an entry, and no
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
    /// Who wants what somebody else in this process is making waits for it.
    pub fn once(&self, entry: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let _turn = Turn::to_make(entry);
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

/// The entries that are being made.
static BEING_MADE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
static ONE_LESS: Condvar = Condvar::new();

/// While it lives, nobody else in this process makes the same entry. Other processes may: to wait for one that was
/// killed would be worse than to do its work again.
struct Turn<'a> {
    entry: &'a Path,
}

impl<'a> Turn<'a> {
    fn to_make(entry: &'a Path) -> Self {
        let being_made = BEING_MADE.lock().expect(NEVER_POISONED);
        let being_made = ONE_LESS.wait_while(being_made, |being_made| being_made.contains(entry));
        being_made.expect(NEVER_POISONED).insert(entry.to_owned());
        Self { entry }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        BEING_MADE.lock().expect(NEVER_POISONED).remove(self.entry);
        ONE_LESS.notify_all();
    }
}

const NEVER_POISONED: &str = "nobody panics while it looks which entries are being made";

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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::thread;
    use std::time::Duration;

    use anyhow::bail;

    use super::Cache;

    const LONG_ENOUGH_FOR_ALL_TO_COME: Duration = Duration::from_millis(50);

    #[test]
    #[allow(
        clippy::disallowed_methods,
        reason = "nobody can be asked whether they wait"
    )]
    fn what_several_want_at_the_same_time_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().to_owned()).unwrap();
        let (entry, made) = (cache.entry(&["a program"]), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let once = cache.once(&entry, |folder| {
                        made.fetch_add(1, SeqCst);
                        thread::sleep(LONG_ENOUGH_FOR_ALL_TO_COME);
                        fs::write(folder.join("program"), "made")?;
                        Ok(())
                    });
                    once.unwrap();
                    assert_eq!(fs::read_to_string(entry.join("program")).unwrap(), "made");
                });
            }
        });
        assert_eq!(made.load(SeqCst), 1);
    }

    #[test]
    fn what_could_not_be_made_can_be_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().to_owned()).unwrap();
        let entry = cache.entry(&["a program"]);
        assert!(cache.once(&entry, |_| bail!("no room")).is_err());
        cache.once(&entry, |_| Ok(())).unwrap();
        assert!(entry.is_dir());
    }
}

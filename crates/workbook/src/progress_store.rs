//! Progress on the disk, updated atomically under a lock.

use std::fmt::{self, Debug, Display, Formatter};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use autograder::files;
use serde::{Deserialize, Serialize};

use crate::progress::Progress;
use crate::storage;

/// The version of the format. It is raised whenever the format changes, so that an older tool does
/// not overwrite what it does not understand.
const VERSION: u64 = 1;

const NOT_SAVED: &str = "Progress was not saved";

/// Progress in `<root>/.workbook/progress.json`.
///
/// Updates are atomic, even if the machine or the tool crashes. They are made
/// under a lock, so that concurrent tools lose nothing.
///
/// ```
/// # fn main() -> anyhow::Result<()> {
/// # let folder = tempfile::tempdir()?;
/// # let root = folder.path();
/// use workbook::progress_store::Store;
///
/// let store = Store::open(root);
/// store.update(|progress, now| progress.solved("gather/fetch_all", now))?;
/// let (progress, _) = store.read()?;
/// assert!(progress.of("gather/fetch_all").solved.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Store {
    root: PathBuf,
    clock: Arc<dyn Fn() -> u64 + Send + Sync>,
}

/// One sentence for the learner: what happened to the file, where it is, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice(String);

impl Display for Notice {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The content of the file.
enum Content {
    Known(Progress),
    /// Not a valid file of this or a newer version, and why.
    Invalid(String),
    /// Written by a newer version of the tool.
    Newer,
}

#[derive(Serialize, Deserialize)]
struct Written<P> {
    version: u64,
    progress: P,
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

impl Store {
    /// The progress of the project in `root`, with this machine's clock. Does not access the disk yet.
    pub fn open(root: &Path) -> Self {
        Self::with_clock(root, || {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            now.map_or(0, |since| since.as_secs())
        })
    }

    /// The progress of the project in `root`; `clock` returns the seconds since 1970.
    pub fn with_clock(root: &Path, clock: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self {
            root: root.to_owned(),
            clock: Arc::new(clock),
        }
    }

    /// Reads the progress, and returns it with a notice about the file, if there is one. Writes nothing and
    /// waits for no lock. An invalid file counts as empty.
    ///
    /// # Errors
    ///
    /// If the file exists but cannot be read.
    pub fn read(&self) -> Result<(Progress, Option<Notice>)> {
        let file = self.file();
        Ok(match self.content()? {
            Content::Known(progress) => (progress, None),
            Content::Invalid(reason) => {
                let notice = format!(
                    "Your progress is not known, because {} is not valid ({reason}): \
                     fix that file, or go on, and it will be moved aside when new progress is saved.",
                    file.display()
                );
                (Progress::default(), Some(Notice(notice)))
            }
            Content::Newer => (Progress::default(), Some(Notice(self.newer()))),
        })
    }

    /// Updates the progress with `change` under the lock. `change` also gets the time. Returns its result, and a
    /// notice about the file, if there is one. An invalid file is moved aside and never overwritten.
    ///
    /// Keep `change` short: other tools wait for it.
    ///
    /// # Errors
    ///
    /// If the folder is not writable, or the file is from a newer version of the tool. The
    /// file is unchanged then.
    pub fn update<T>(
        &self,
        change: impl FnOnce(&mut Progress, u64) -> T,
    ) -> Result<(T, Option<Notice>)> {
        let folder = storage::folder(&self.root);
        let advise = |error| files::advise(NOT_SAVED, &folder, error);
        let _lock =
            storage::lock(&self.root, "progress.lock").map_err(|error| advise(error.into()))?;
        let (mut progress, aside) = match self.content()? {
            Content::Known(progress) => (progress, None),
            Content::Invalid(reason) => (Progress::default(), Some((self.unused_name(), reason))),
            Content::Newer => bail!("{NOT_SAVED}. {}", self.newer()),
        };
        let result = change(&mut progress, (self.clock)());
        let Some((aside, reason)) = aside else {
            self.write(&progress).map_err(advise)?;
            return Ok((result, None));
        };
        fs::rename(self.file(), &aside).map_err(|error| advise(error.into()))?;
        if let Err(error) = self.write(&progress) {
            // The next update finds the file in its old place, and reports it again.
            let _ = fs::rename(&aside, self.file());
            return Err(advise(error));
        }
        let notice = format!(
            "Your earlier progress could not be read, because {} was not valid \
             ({reason}): it is now {}, where you can look at it, and your progress starts again from zero.",
            self.file().display(),
            aside.display()
        );
        Ok((result, Some(Notice(notice))))
    }

    fn file(&self) -> PathBuf {
        storage::folder(&self.root).join("progress.json")
    }

    fn content(&self) -> Result<Content> {
        let file = self.file();
        match fs::read(&file) {
            Ok(bytes) => Ok(parse(&bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Ok(Content::Known(Progress::default()))
            }
            Err(error) => Err(error).with_context(|| {
                format!(
                    "Your progress could not be read. Make sure that {} is readable.",
                    file.display()
                )
            }),
        }
    }

    fn write(&self, progress: &Progress) -> Result<()> {
        let written = Written {
            version: VERSION,
            progress,
        };
        let mut text = serde_json::to_string_pretty(&written)?;
        text.push('\n');
        files::write_atomically(&self.file(), text)
    }

    fn newer(&self) -> String {
        format!(
            "{} was written by a newer version of this tool: update the project with `cargo \
             workbook update` to see your progress and to continue.",
            self.file().display()
        )
    }

    /// An unused file name for an invalid file.
    fn unused_name(&self) -> PathBuf {
        let folder = storage::folder(&self.root);
        (1u64..)
            .map(|number| folder.join(format!("progress.invalid-{number}.json")))
            .find(|file| file.symlink_metadata().is_err())
            .expect("a folder has fewer files than there are numbers")
    }
}

impl Debug for Store {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("root", &self.root).finish()
    }
}

fn parse(bytes: &[u8]) -> Content {
    let version = match serde_json::from_slice(bytes) {
        Ok(Version { version }) => version,
        Err(error) => return Content::Invalid(error.to_string()),
    };
    if version > VERSION {
        return Content::Newer;
    }
    match serde_json::from_slice::<Written<Progress>>(bytes) {
        Ok(written) => Content::Known(written.progress),
        Err(error) => Content::Invalid(error.to_string()),
    }
}

//! Progress on the disk: changed under a lock, whole or not at all.

use std::fmt::{self, Debug, Display, Formatter};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use autograder::files;
use serde::{Deserialize, Serialize};

use super::Progress;
use crate::saved;

/// The version of the format. Every change of what is stored raises it, so that an older tool does
/// not write over what it does not understand.
const VERSION: u64 = 1;

const NOT_SAVED: &str = "Progress was not saved";

/// Progress in `<root>/.workbook/progress.json`.
///
/// The file has its old or its new content whenever the machine or the tool stops. Changes are made
/// under a lock, so that two tools at once lose nothing.
///
/// ```
/// # fn main() -> anyhow::Result<()> {
/// # let folder = tempfile::tempdir()?;
/// # let root = folder.path();
/// use workbook::progress::Store;
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

/// One sentence for the learner: what happened to the file, where it is, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice(String);

impl Display for Notice {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the file says.
enum Content {
    Known(Progress),
    /// Nothing that this or a newer version wrote, and why.
    Broken(String),
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
    /// The progress of the project in `root`, on this machine's clock. Touches nothing yet.
    pub fn open(root: &Path) -> Self {
        Self::with_clock(root, || {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            now.map_or(0, |since| since.as_secs())
        })
    }

    /// The progress of the project in `root`; `clock` tells the seconds since 1970.
    pub fn with_clock(root: &Path, clock: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self {
            root: root.to_owned(),
            clock: Arc::new(clock),
        }
    }

    /// Progress as it is now, and what the learner should be told about the file. Writes nothing and
    /// waits for no one. A file that cannot be understood counts as empty.
    ///
    /// # Errors
    ///
    /// If there is a file and the system refuses to give its content.
    pub fn read(&self) -> Result<(Progress, Option<Notice>)> {
        let file = self.file();
        Ok(match self.content()? {
            Content::Known(progress) => (progress, None),
            Content::Broken(reason) => {
                let notice = format!(
                    "What you have solved is not known, because {} cannot be understood ({reason}): \
                     mend that file, or go on, and it is put aside when the next progress is saved.",
                    file.display()
                );
                (Progress::default(), Some(Notice(notice)))
            }
            Content::Newer => (Progress::default(), Some(Notice(self.newer()))),
        })
    }

    /// Reads progress, lets `change` change it, and writes it; nobody else can write in between.
    /// `change` also gets the time, and what it returns comes back with what the learner should be
    /// told about the file. A file that cannot be understood is moved aside and never written over.
    ///
    /// Keep `change` short: other tools wait for it.
    ///
    /// # Errors
    ///
    /// If the folder cannot be written, or the file is from a newer version of the tool. Then the
    /// file is as it was.
    pub fn update<T>(
        &self,
        change: impl FnOnce(&mut Progress, u64) -> T,
    ) -> Result<(T, Option<Notice>)> {
        let folder = saved::folder(&self.root);
        let advise = |error| files::advise(NOT_SAVED, &folder, error);
        let _lock =
            saved::lock(&self.root, "progress.lock").map_err(|error| advise(error.into()))?;
        let (mut progress, aside) = match self.content()? {
            Content::Known(progress) => (progress, None),
            Content::Broken(reason) => (Progress::default(), Some((self.unused_name(), reason))),
            Content::Newer => bail!("{NOT_SAVED}. {}", self.newer()),
        };
        let result = change(&mut progress, (self.clock)());
        let Some((aside, reason)) = aside else {
            self.write(&progress).map_err(advise)?;
            return Ok((result, None));
        };
        fs::rename(self.file(), &aside).map_err(|error| advise(error.into()))?;
        if let Err(error) = self.write(&progress) {
            // The next run finds the file in its old place, and tells of it again.
            let _ = fs::rename(&aside, self.file());
            return Err(advise(error));
        }
        let notice = format!(
            "What you had solved is not known any more, because {} could not be understood \
             ({reason}): it is now {}, where you can look at it, and progress starts anew.",
            self.file().display(),
            aside.display()
        );
        Ok((result, Some(Notice(notice))))
    }

    fn file(&self) -> PathBuf {
        saved::folder(&self.root).join("progress.json")
    }

    fn content(&self) -> Result<Content> {
        let file = self.file();
        match fs::read(&file) {
            Ok(bytes) => Ok(understand(&bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Ok(Content::Known(Progress::default()))
            }
            Err(error) => Err(error).with_context(|| {
                format!(
                    "Your progress could not be read: see to it that you may read {}.",
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
        files::write_whole(&self.file(), text)
    }

    fn newer(&self) -> String {
        format!(
            "{} was written by a newer version of this tool: bring the project up to date with `git \
             pull` to see your progress and to go on with it.",
            self.file().display()
        )
    }

    /// Where the file goes when it cannot be understood.
    fn unused_name(&self) -> PathBuf {
        let folder = saved::folder(&self.root);
        (1u64..)
            .map(|number| folder.join(format!("progress.broken-{number}.json")))
            .find(|file| file.symlink_metadata().is_err())
            .expect("a folder has fewer files than there are numbers")
    }
}

impl Debug for Store {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("root", &self.root).finish()
    }
}

fn understand(bytes: &[u8]) -> Content {
    let version = match serde_json::from_slice(bytes) {
        Ok(Version { version }) => version,
        Err(error) => return Content::Broken(error.to_string()),
    };
    if version > VERSION {
        return Content::Newer;
    }
    match serde_json::from_slice::<Written<Progress>>(bytes) {
        Ok(written) => Content::Known(written.progress),
        Err(error) => Content::Broken(error.to_string()),
    }
}

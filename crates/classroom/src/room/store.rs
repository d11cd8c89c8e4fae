//! A room on the disk: a file about the room, and one for each learner. Each is written whole.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use autograder::files;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::registry::Learner;

/// The version of the format.
const FORMAT: u32 = 1;

/// What is known about the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    format: u32,
    /// The code with which learners join.
    pub code: String,
    /// The port, at which learners find it again after a restart.
    pub port: Option<u16>,
    /// Whether learners can join.
    pub is_open: bool,
}

impl About {
    /// A new room, which is open.
    pub fn new(code: String) -> Self {
        Self {
            format: FORMAT,
            code,
            port: None,
            is_open: true,
        }
    }
}

/// The files of a room, which no other process uses at the same time.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    _lock: File,
}

impl Store {
    /// Opens a folder, and creates it if it is missing.
    ///
    /// # Errors
    ///
    /// If it is not writable, or another process uses it.
    pub fn open(folder: &Path) -> Result<Self> {
        let context = || format!("{} is not writable.", folder.display());
        create_private_folder(folder).with_context(context)?;
        fs::create_dir_all(folder.join("learners")).with_context(context)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join("lock"))
            .with_context(context)?;
        if lock.try_lock().is_err() {
            bail!(
                "{} is the folder of a room that is open already. Choose another one with `--output`.",
                folder.display()
            );
        }
        Ok(Self {
            folder: folder.to_owned(),
            _lock: lock,
        })
    }

    /// The room, if there is one.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is of another version of the workbook.
    pub fn about(&self) -> Result<Option<About>> {
        let file = self.about_file();
        let about: Option<About> = read(&file)?;
        if about.as_ref().is_some_and(|about| about.format != FORMAT) {
            bail!("{} is of another version of the workbook.", file.display());
        }
        Ok(about)
    }

    /// Writes the room.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write_about(&self, about: &About) -> Result<()> {
        write(&self.about_file(), about)
    }

    /// The learners.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn learners(&self) -> Result<Vec<Learner>> {
        let files = files::below(&self.folder.join("learners"), "json")?;
        let learners = files.iter().map(|file| read(file));
        let learners: Result<Vec<Option<Learner>>> = learners.collect();
        Ok(learners?.into_iter().flatten().collect())
    }

    /// Writes a learner.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, learner: &Learner) -> Result<()> {
        write(&self.file_of(learner.number), learner)
    }

    /// Removes a learner.
    ///
    /// # Errors
    ///
    /// If the file cannot be removed.
    pub fn remove(&self, number: u32) -> Result<()> {
        let file = self.file_of(number);
        fs::remove_file(&file).with_context(|| format!("{} could not be removed.", file.display()))
    }

    /// The room chooses the number, so that no name of a learner is a name of a file.
    fn file_of(&self, number: u32) -> PathBuf {
        self.folder.join("learners").join(format!("{number}.json"))
    }

    fn about_file(&self) -> PathBuf {
        self.folder.join("room.json")
    }
}

/// Creates a folder that other users of this machine cannot read: it has names, and the code of the room.
fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<Option<T>> {
    match fs::read(file) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .with_context(|| format!("{} is not valid.", file.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} could not be read.", file.display())),
    }
}

fn write(file: &Path, value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).context("plain data can be written as JSON")?;
    files::write_atomically(file, text + "\n")
}

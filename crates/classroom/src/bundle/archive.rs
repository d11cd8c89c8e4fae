//! The archive: sorted, and without times, owners or paths of this machine.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use autograder::files;
use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::Part;

/// The time of every file, in seconds since 1970: some day in 2006, as in the crates that cargo packs. A later time would be
/// in the future on a machine whose clock has stopped, where cargo would compile everything again each time.
const TIME: u64 = 1_153_704_088;

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A file with these bytes.
    Bytes {
        /// The bytes.
        bytes: Vec<u8>,
        /// Whether it is a program.
        executable: bool,
    },
    /// A copy of a file.
    Copy {
        /// The file.
        of: PathBuf,
        /// How many bytes it has.
        size: u64,
    },
    /// A symbolic link to this path.
    Link(PathBuf),
}

impl Content {
    /// A file that is no program.
    pub fn bytes(bytes: Vec<u8>) -> Self {
        Self::Bytes {
            bytes,
            executable: false,
        }
    }

    /// A file with a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::bytes(text.into().into_bytes())
    }

    fn size(&self) -> u64 {
        match self {
            Self::Bytes { bytes, .. } => bytes.len() as u64,
            Self::Copy { size, .. } => *size,
            Self::Link(_) => 0,
        }
    }
}

/// What goes into an archive, by its path.
#[derive(Debug, Default)]
pub struct Contents {
    entries: BTreeMap<PathBuf, Content>,
    /// What was counted as a part.
    counted: (usize, u64),
}

impl Contents {
    /// Adds a file or a link.
    ///
    /// # Errors
    ///
    /// If there is one at this path already.
    pub fn add(&mut self, path: PathBuf, content: Content) -> Result<()> {
        ensure!(
            !self.entries.contains_key(&path),
            "The workbook has {} already, and a bundle puts another file there.",
            path.display()
        );
        self.entries.insert(path, content);
        Ok(())
    }

    /// Adds all files of the folder `name` in `root`.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or the path of one is taken.
    pub fn add_folder(&mut self, root: &Path, name: &str) -> Result<()> {
        for of in files::entries_below(&root.join(name))? {
            let path = of.strip_prefix(root)?.to_owned();
            let about = of.symlink_metadata();
            let about = about.with_context(|| format!("{} could not be read.", of.display()))?;
            let content = if about.is_symlink() {
                Content::Link(of.read_link()?)
            } else {
                let size = about.len();
                Content::Copy { of, size }
            };
            self.add(path, content)?;
        }
        Ok(())
    }

    /// What was added since the last call.
    pub fn part(&mut self, name: &'static str) -> Part {
        let all = (
            self.entries.len(),
            self.entries.values().map(Content::size).sum(),
        );
        let before = std::mem::replace(&mut self.counted, all);
        Part {
            name,
            files: all.0 - before.0,
            size: all.1 - before.1,
        }
    }

    /// How many files and links there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Writes the archive, compressed, with everything in the folder `top`. `on_file` is called for each file, and can stop it.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, the archive cannot be written, or `on_file` fails.
    pub fn write(
        &self,
        to: impl Write,
        top: &Path,
        compression: u32,
        on_file: &mut dyn FnMut() -> Result<()>,
    ) -> Result<()> {
        // Without a time and without the name of a file, unlike what `gzip` writes.
        let gzip = GzBuilder::new().write(to, Compression::new(compression));
        let mut archive = Builder::new(gzip);
        for (path, content) in &self.entries {
            on_file()?;
            append(&mut archive, &top.join(path), content)?;
        }
        archive.into_inner()?.finish()?.flush()?;
        Ok(())
    }
}

fn append(archive: &mut Builder<impl Write>, path: &Path, content: &Content) -> Result<()> {
    let mut header = Header::new_gnu();
    header.set_mtime(TIME);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mode(0o644);
    header.set_size(content.size());
    match content {
        Content::Bytes { bytes, executable } => {
            if *executable {
                header.set_mode(0o755);
            }
            archive.append_data(&mut header, path, &**bytes)?;
        }
        Content::Copy { of, size } => {
            let file = File::open(of);
            let file = file.with_context(|| format!("{} could not be read.", of.display()))?;
            let mut file = Counted(file, 0);
            archive.append_data(&mut header, path, (&mut file).take(*size))?;
            ensure!(
                file.1 == *size,
                "{} was changed while it was read.",
                of.display()
            );
        }
        Content::Link(target) => {
            header.set_entry_type(EntryType::Symlink);
            header.set_mode(0o777);
            archive.append_link(&mut header, path, target)?;
        }
    }
    Ok(())
}

/// Counts what is read.
struct Counted(File, u64);

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        self.1 += read as u64;
        Ok(read)
    }
}

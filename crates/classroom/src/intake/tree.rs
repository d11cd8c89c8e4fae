//! The files of a folder or a zip file, by the same paths.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result, anyhow, bail};
use zip::ZipArchive;

use super::limits::{MAX_INNER_ARCHIVE, MAX_NAMES};
use super::sentences;

/// Folders that tools make, and that no answer is in.
const IGNORED: &[&str] = &[
    "target",
    ".git",
    ".workbook",
    "node_modules",
    "__MACOSX",
    "stubs",
];

pub trait Bytes: Read + Seek {}

impl<T: Read + Seek> Bytes for T {}

type Archive = Rc<RefCell<ZipArchive<Box<dyn Bytes>>>>;

/// A folder on the disk, or in a zip file.
#[derive(Clone)]
pub enum Place {
    Folder(PathBuf),
    /// The folder's path in the archive, with a slash at the end; empty for all of it.
    Archive(Archive, String),
}

/// What is directly in a place.
#[derive(Default)]
pub struct Children {
    pub folders: Vec<String>,
    pub archives: Vec<String>,
    pub files: Vec<String>,
}

/// A file in a place.
pub struct Entry {
    /// Its path in the place, with slashes: `exercises/src/gather.rs`.
    pub path: String,
    at: At,
}

enum At {
    Disk(PathBuf),
    Archive(Archive, usize),
}

impl Place {
    /// The folder or zip file at this path.
    pub fn at(path: &Path) -> Result<Self> {
        Self::open(path).with_context(|| format!("{} could not be read.", path.display()))
    }

    fn open(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        if !fs::metadata(path)?.is_file() {
            bail!("It is neither a folder nor a file.");
        }
        Self::archive(Box::new(File::open(path)?))
    }

    fn archive(bytes: Box<dyn Bytes>) -> Result<Self> {
        let archive = ZipArchive::new(bytes).map_err(|_| anyhow!("It is not a zip file."))?;
        if archive.len() > MAX_NAMES {
            bail!(
                "It has {} entries. More than {MAX_NAMES} are not read.",
                archive.len()
            );
        }
        Ok(Self::Archive(Rc::new(RefCell::new(archive)), String::new()))
    }

    pub fn is_archive(&self) -> bool {
        matches!(self, Self::Archive(..))
    }

    /// What is directly in it, without links and other special files.
    pub fn children(&self) -> Result<Children> {
        let mut children = Children::default();
        match self {
            Self::Folder(folder) => {
                for entry in list(folder)? {
                    let (name, kind) = (entry.file_name(), entry.file_type()?);
                    let name = name.to_string_lossy().into_owned();
                    children.add(name, kind.is_dir(), kind.is_file());
                }
            }
            Self::Archive(archive, prefix) => {
                let archive = archive.borrow();
                let mut folders = BTreeSet::new();
                // A name that cannot be read is named when the files are.
                for name in archive.file_names().flatten() {
                    match name
                        .strip_prefix(&**prefix)
                        .map(|rest| rest.split_once('/'))
                    {
                        Some(Some((folder, _))) => {
                            folders.insert(folder.to_owned());
                        }
                        Some(None) => children.add(name[prefix.len()..].to_owned(), false, true),
                        None => {}
                    }
                }
                for folder in folders {
                    children.add(folder, true, false);
                }
            }
        }
        Ok(children)
    }

    /// The folder or zip file of this name in it.
    pub fn child(&self, name: &str) -> Result<Self> {
        match self {
            Self::Folder(folder) => Self::open(&folder.join(name)),
            Self::Archive(archive, prefix) => {
                let path = format!("{prefix}{name}");
                let index = archive.borrow().index_for_name(&path);
                match index {
                    Some(index) if is_zip(name) => {
                        let bytes = read_archived(archive, index, MAX_INNER_ARCHIVE)?;
                        Self::archive(Box::new(Cursor::new(bytes)))
                    }
                    _ => Ok(Self::Archive(Rc::clone(archive), format!("{path}/"))),
                }
            }
        }
    }

    /// All files below it, without those that tools make. What cannot be listed is added to `problems`.
    pub fn files(&self, problems: &mut Vec<String>) -> Vec<Entry> {
        let mut found = match self {
            Self::Folder(folder) => below_folder(folder, problems),
            Self::Archive(archive, prefix) => in_archive(archive, prefix, problems),
        };
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }
}

fn below_folder(folder: &Path, problems: &mut Vec<String>) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, path)) = folders.pop() {
        let listed = list(&folder);
        let Ok(entries) = listed.map_err(|error| problems.push(sentences(&error))) else {
            continue;
        };
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{path}{name}");
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && IGNORED.contains(&&*name) => {}
                Ok(kind) if kind.is_dir() => folders.push((entry.path(), path + "/")),
                Ok(kind) if kind.is_file() => found.push(Entry {
                    path,
                    at: At::Disk(entry.path()),
                }),
                _ if path.ends_with(".rs") => {
                    problems.push(format!("{path} is not a regular file, and is not read."));
                }
                _ => {}
            }
        }
        if found.len() > MAX_NAMES {
            problems.push(format!(
                "It has more than {MAX_NAMES} files. The rest is not read."
            ));
            break;
        }
    }
    found
}

fn in_archive(archive: &Archive, prefix: &str, problems: &mut Vec<String>) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut opened = archive.borrow_mut();
    for index in 0..opened.len() {
        let entry = match opened.by_index_raw(index) {
            Ok(entry) => entry,
            Err(error) => {
                problems.push(format!("The archive is damaged: {error}."));
                continue;
            }
        };
        let name = match entry.name() {
            Ok(name) => name.into_owned(),
            Err(error) => {
                problems.push(format!(
                    "The archive has an entry whose name cannot be read: {error}."
                ));
                continue;
            }
        };
        let Some(path) = name.strip_prefix(prefix).map(str::to_owned) else {
            continue;
        };
        if entry.is_dir() || path.split('/').any(|part| IGNORED.contains(&part)) {
            continue;
        }
        if !is_inside(&name) {
            problems.push(format!(
                "{path:?} is a path out of the archive, and is not read."
            ));
        } else if entry.is_symlink() {
            problems.push(format!("{path:?} is a link, and is not read."));
        } else {
            found.push(Entry {
                path,
                at: At::Archive(Rc::clone(archive), index),
            });
        }
    }
    found
}

impl Children {
    fn add(&mut self, name: String, is_folder: bool, is_file: bool) {
        if is_folder && !IGNORED.contains(&&*name) {
            self.folders.push(name);
        } else if is_file && is_zip(&name) {
            self.archives.push(name);
        } else if is_file {
            self.files.push(name);
        }
    }
}

impl Entry {
    /// Whether it is a zip file.
    pub fn is_archive(&self) -> bool {
        is_zip(&self.path)
    }

    /// The zip file that it is.
    pub fn open(&self) -> Result<Place> {
        let bytes = self.read(MAX_INNER_ARCHIVE)?;
        Place::archive(Box::new(Cursor::new(bytes)))
            .with_context(|| format!("{:?} could not be read.", self.path))
    }

    /// Its content, if it is not larger than `limit`.
    pub fn read(&self, limit: u64) -> Result<Vec<u8>> {
        let read = match &self.at {
            At::Disk(path) => File::open(path)
                .map_err(Into::into)
                .and_then(|file| read_to_limit(file, limit)),
            At::Archive(archive, index) => read_archived(archive, *index, limit),
        };
        read.with_context(|| format!("{:?} could not be read.", self.path))
    }
}

/// Whether a path in an archive stays in the folder into which it is unpacked, on every system.
fn is_inside(path: &str) -> bool {
    let is_name =
        |part: &str| !["", ".", ".."].contains(&part) && !part.contains(['\\', ':', '\0']);
    path.trim_end_matches('/').split('/').all(is_name)
}

fn is_zip(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".zip")
}

fn list(folder: &Path) -> Result<Vec<fs::DirEntry>> {
    let listed = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries: Vec<_> =
        listed.with_context(|| format!("{} could not be listed.", folder.display()))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

fn read_archived(archive: &Archive, index: usize, limit: u64) -> Result<Vec<u8>> {
    let mut archive = archive.borrow_mut();
    read_to_limit(archive.by_index(index)?, limit)
}

/// Reads no more than `limit` bytes, whatever the file says about its size.
fn read_to_limit(from: impl Read, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        bail!("It is larger than {} KiB.", limit >> 10);
    }
    Ok(bytes)
}

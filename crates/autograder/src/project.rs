//! The location of a workbook's files.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::files;
use crate::manifest::Manifest;

/// A checkout of the workbook, or a small project laid out like it.
#[derive(Debug, Clone)]
pub struct Project {
    root: PathBuf,
    /// The folder that contains `exercises/src`, if it is not the root.
    answers: Option<PathBuf>,
}

/// The folder of the answers, relative to the root.
const ANSWERS: &str = "exercises/src";

impl Project {
    /// The project that contains this folder: its root is the folder or one of its ancestors.
    pub fn around(folder: &Path) -> Option<Self> {
        let is_root = |folder: &&Path| {
            folder.join("book.toml").is_file() && folder.join(Manifest::FILE).is_file()
        };
        folder.ancestors().find(is_root).map(Self::at)
    }

    /// The project in this folder.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            answers: None,
        }
    }

    /// The same project with other answers: those in `exercises/src` of another folder.
    pub fn with_answers(&self, folder: impl Into<PathBuf>) -> Self {
        Self {
            root: self.root.clone(),
            answers: Some(folder.into()),
        }
    }

    /// The root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The full path of a file given relative to the root.
    pub fn path(&self, relative: &str) -> PathBuf {
        let answers = self.answers.as_ref();
        answers
            .filter(|_| Path::new(relative).starts_with(ANSWERS))
            .unwrap_or(&self.root)
            .join(relative)
    }

    /// The text of a file given relative to the root.
    ///
    /// # Errors
    ///
    /// If it cannot be read; the message names it.
    pub fn read(&self, relative: &str) -> Result<String> {
        files::read(&self.path(relative))
    }

    /// A full path as it is shown to people: relative to the root, with forward slashes.
    pub fn relative(&self, path: &Path) -> String {
        let answers = self
            .answers
            .iter()
            .find_map(|folder| path.strip_prefix(folder).ok());
        let path = answers
            .or(path.strip_prefix(&self.root).ok())
            .unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }

    /// The files below a folder with this extension, relative to the root, sorted.
    ///
    /// # Errors
    ///
    /// If a folder cannot be listed.
    pub fn files(&self, folder: &str, extension: &str) -> Result<Vec<String>> {
        let paths = files::below(&self.path(folder), extension)?;
        Ok(paths.iter().map(|path| self.relative(path)).collect())
    }

    /// The chapters and exercises.
    ///
    /// # Errors
    ///
    /// If `exercises/exercises.toml` cannot be read or is invalid; the message shows the line.
    pub fn manifest(&self) -> Result<Manifest> {
        let text = self.read(Manifest::FILE)?;
        Manifest::parse(&text).with_context(|| format!("{} is invalid.", Manifest::FILE))
    }
}

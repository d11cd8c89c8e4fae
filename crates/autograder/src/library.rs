//! The libraries that programs are compiled against: those that cargo has built for this workspace.
//!
//! Cargo reports where they are (`--message-format=json`), and under which names a crate uses them
//! (`cargo metadata`).

mod messages;
mod of_cargo;
mod set;
mod stamps;
mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

pub use set::LibrarySet;
use stamps::stamp_of_files;

/// Compiled libraries by their names in Rust code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Libraries {
    /// The project's root.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    found: BTreeMap<String, PathBuf>,
    /// The features that are turned on, by the name of the library.
    #[serde(default)]
    features: BTreeMap<String, Vec<String>>,
    /// Every library that cargo has built, those that the others depend on and procedural macros included.
    built: BTreeSet<PathBuf>,
}

impl Libraries {
    /// The path of a library.
    ///
    /// # Errors
    ///
    /// If cargo built no library of this name.
    pub fn path(&self, name: &str) -> Result<&Path> {
        let found = self.found.get(name).map(PathBuf::as_path);
        found.with_context(|| format!("cargo built no library `{name}`"))
    }

    /// Only the libraries of these names.
    ///
    /// # Errors
    ///
    /// As [`Libraries::path`].
    pub fn only(&self, names: &[&str]) -> Result<Self> {
        let of = |name: &&str| Ok(((*name).to_owned(), self.path(name)?.to_owned()));
        Ok(Self {
            found: names.iter().map(of).collect::<Result<_>>()?,
            ..self.clone()
        })
    }

    /// The names of all libraries that were found.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.found.keys().map(String::as_str)
    }

    /// The features of a library that are turned on; none if they are not known.
    pub fn features(&self, name: &str) -> &[String] {
        self.features.get(name).map_or(&[], Vec::as_slice)
    }

    /// The folders that contain the libraries and their own dependencies. There are two where cargo builds for a target
    /// that is named (`build.target`): procedural macros are in one of their own.
    pub fn folders(&self) -> BTreeSet<&Path> {
        self.built.iter().filter_map(|file| file.parent()).collect()
    }

    /// Libraries of these names, for tests that compile nothing.
    #[cfg(test)]
    pub(crate) fn named(names: &[&str]) -> Self {
        let found = names
            .iter()
            .map(|name| ((*name).to_owned(), PathBuf::new()));
        Self {
            root: PathBuf::new(),
            target: PathBuf::new(),
            found: found.collect(),
            features: BTreeMap::new(),
            built: BTreeSet::new(),
        }
    }

    fn files(&self) -> impl Iterator<Item = &Path> {
        self.built.iter().map(PathBuf::as_path)
    }

    /// `name=path` for each of these names, as rustc's `--extern` expects it.
    ///
    /// # Errors
    ///
    /// If one of them is missing.
    pub fn externs<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Vec<OsString>> {
        let extern_of = |name: &str| {
            let mut argument = OsString::from(format!("{name}="));
            argument.push(self.path(name)?);
            Ok(argument)
        };
        names.into_iter().map(extern_of).collect()
    }

    /// A text that changes whenever one of these libraries is built again.
    ///
    /// # Errors
    ///
    /// If one of them is missing.
    pub fn stamp<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<String> {
        let files: Vec<_> = names
            .into_iter()
            .map(|name| self.path(name))
            .collect::<Result<_>>()?;
        stamp_of_files(files)
    }
}

//! The lists of libraries that cargo has built, on the disk, so that cargo is started only if something has changed.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::Libraries;
use super::set::LibrarySet;
use super::stamps::{stamp_of, stamp_of_files};
use crate::files;
use crate::hash::hash;
use crate::project::Project;

/// The result of the last run of cargo, and what it depends on.
#[derive(Serialize, Deserialize)]
pub struct StoredLibraries {
    inputs: String,
    stamp: String,
    libraries: Libraries,
}

impl StoredLibraries {
    /// The libraries, if nothing that they depend on has changed and they still exist.
    pub fn read(file: &Path, inputs: &str) -> Option<Libraries> {
        let cached: Self = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        let stamp = stamp_of_files(cached.libraries.files()).ok()?;
        (cached.inputs == inputs && cached.stamp == stamp).then_some(cached.libraries)
    }

    pub fn write(file: &Path, inputs: String, libraries: &Libraries) -> Result<()> {
        let cached = Self {
            inputs,
            stamp: stamp_of_files(libraries.files())?,
            libraries: libraries.clone(),
        };
        files::write_atomically(file, serde_json::to_vec(&cached)?)
    }
}

/// A hash of everything that determines what cargo builds for a set. As in cargo itself, a file counts
/// as changed if its size or its modification time has changed.
pub fn inputs(set: LibrarySet, project: &Project, version: &str) -> Result<String> {
    let mut parts = vec![version.to_owned()];
    for variable in ["CARGO_BUILD_TARGET", "CARGO_HOME"] {
        parts.push(env::var(variable).unwrap_or_default());
    }
    let mut files: Vec<PathBuf> = [
        "Cargo.toml",
        "Cargo.lock",
        ".cargo/config.toml",
        "exercises/Cargo.toml",
    ]
    .map(|file| project.path(file))
    .to_vec();
    for folder in set.sources() {
        files.extend(files::all_below(&project.path(folder))?);
    }
    for file in files {
        parts.push(project.relative(&file));
        // A missing file is an input, too.
        parts.push(stamp_of(&file).unwrap_or_default());
    }
    Ok(hash(&parts))
}

//! The record of the last build in a folder. When two exercises of a chapter are graded one after the other, the second
//! needs no build.

use std::path::PathBuf;
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::inputs::Inputs;
use crate::diagnostic::Diagnostic;

/// Where the last build is recorded.
pub(super) struct LastBuild {
    file: PathBuf,
}

/// A build that succeeded.
#[derive(Serialize, Deserialize)]
pub(super) struct BuildRecord {
    key: String,
    pub messages: Vec<Diagnostic>,
    pub inputs: Inputs,
}

impl BuildRecord {
    /// Whether a build with this key would give the same program.
    pub fn is_of(&self, key: &str) -> bool {
        self.key == key && self.inputs.are_current()
    }
}

impl LastBuild {
    pub fn at(file: PathBuf) -> Self {
        Self { file }
    }

    /// The last build, if it succeeded.
    pub fn read(&self) -> Option<BuildRecord> {
        serde_json::from_slice(&fs::read(&self.file).ok()?).ok()
    }

    /// Removes the record before another build starts, in case that is interrupted.
    pub fn clear(&self) -> io::Result<()> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    pub fn record(&self, key: &str, messages: &[Diagnostic], inputs: &Inputs) -> io::Result<()> {
        let record = BuildRecord {
            key: key.to_owned(),
            messages: messages.to_vec(),
            inputs: inputs.clone(),
        };
        fs::write(&self.file, serde_json::to_vec(&record)?)
    }
}

//! A copy of the workspace, in which answers can be saved and graded.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use ci::Project;
use tempfile::TempDir;

use crate::timing::{best_of_three, timed};

/// What a clone has.
const PARTS: &[&str] = &[
    ".cargo",
    "Cargo.toml",
    "Cargo.lock",
    "book.toml",
    "ci",
    "clippy.toml",
    "crates",
    "exercises",
    "projects",
    "solutions",
    "src",
    "theme",
];

/// A copy of the workspace without anything built.
pub struct Copy {
    folder: TempDir,
}

impl Copy {
    pub fn of(project: &Project) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let status = Command::new("cp")
            .arg("-r")
            .args(PARTS)
            .arg(folder.path())
            .current_dir(project.root())
            .status()?;
        ensure!(status.success(), "the workspace could not be copied");
        Ok(Self { folder })
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn answers(&self) -> PathBuf {
        self.root().join("exercises/src/gather.rs")
    }

    /// Saves the answers with a line more.
    pub fn save(&self) -> Result<()> {
        let text = fs::read_to_string(self.answers())?;
        fs::write(self.answers(), format!("{text}// saved\n"))?;
        Ok(())
    }

    /// One chapter's tests; whether they pass is not the question here.
    pub fn cargo_test(&self, test: &str, target: &str) -> Result<()> {
        Command::new("cargo")
            .args(["test", "--offline", "--quiet", "-p", "exercises"])
            .args(["--test", test, "--target-dir"])
            .arg(self.root().join(target))
            .current_dir(self.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("cargo could not be started")?;
        Ok(())
    }

    /// From a save to the verdict of `cargo test`.
    pub fn saved_and_tested(&self, test: &str, target: &str) -> Result<Duration> {
        best_of_three(|| {
            self.save()?;
            timed(|| self.cargo_test(test, target))
        })
    }
}

//! Runs git.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

/// Git in the folder of the workbook.
pub struct Git {
    root: PathBuf,
}

impl Git {
    /// Git in this folder.
    pub fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Runs a command to its end.
    ///
    /// # Errors
    ///
    /// If git cannot be started.
    pub fn run(&self, arguments: &[&str]) -> Result<Output> {
        let output = Command::new("git")
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            // Its messages are shown with our own.
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output();
        output.context(
            "git could not be started. Install it from https://git-scm.com, or add it to PATH.",
        )
    }

    /// What a command prints, or `None` if it fails.
    ///
    /// # Errors
    ///
    /// If git cannot be started.
    pub fn ask(&self, arguments: &[&str]) -> Result<Option<String>> {
        let output = self.run(arguments)?;
        let text = String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned();
        Ok(output.status.success().then_some(text))
    }

    /// What a command prints.
    ///
    /// # Errors
    ///
    /// If it fails; the error contains `failure` and the message of git.
    pub fn must(&self, arguments: &[&str], failure: &str) -> Result<Vec<u8>> {
        let output = self.run(arguments)?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr);
            bail!("{failure}\n{}", message.trim_end());
        }
        Ok(output.stdout)
    }

    /// Whether git has a commit of the workbook. A folder that is not a clone may lie in a repository of something else.
    ///
    /// # Errors
    ///
    /// If git cannot be started.
    pub fn has_workbook(&self) -> Result<bool> {
        let found = self.ask(&["cat-file", "-e", "HEAD:./book.toml"])?;
        Ok(found.is_some())
    }

    /// The files that a command lists with `-z`.
    ///
    /// # Errors
    ///
    /// If it fails.
    pub fn files(&self, arguments: &[&str]) -> Result<Vec<String>> {
        let listed = self.must(arguments, "git could not list files.")?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        Ok(listed.split_terminator('\0').map(str::to_owned).collect())
    }

    /// A file of a commit; `None` if it has no such file.
    ///
    /// # Errors
    ///
    /// If git cannot be started, or the file is not UTF-8 text.
    pub fn file(&self, commit: &str, file: &str) -> Result<Option<String>> {
        let output = self.run(&["show", &format!("{commit}:./{file}")])?;
        let text = output.status.success().then_some(output.stdout);
        let text = text.map(String::from_utf8).transpose();
        text.with_context(|| format!("{file} is not UTF-8 text in the commit {commit}."))
    }

    /// Merges the changes of two versions of a text; `None` if both have changed the same lines.
    ///
    /// # Errors
    ///
    /// If git cannot be started, or a temporary file cannot be written.
    pub fn merge_texts(&self, base: &str, mine: &str, theirs: &str) -> Result<Option<String>> {
        let folder = tempfile::tempdir().context("A temporary folder could not be created.")?;
        let mut arguments = vec!["merge-file".to_owned(), "-p".to_owned(), "-q".to_owned()];
        for (name, text) in [("mine", mine), ("base", base), ("theirs", theirs)] {
            let file = folder.path().join(name);
            fs::write(&file, text).context("A temporary file could not be written.")?;
            arguments.push(file.to_string_lossy().into_owned());
        }
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let output = self.run(&arguments)?;
        let merged = output.status.success().then_some(output.stdout);
        Ok(merged.map(|text| String::from_utf8_lossy(&text).into_owned()))
    }
}

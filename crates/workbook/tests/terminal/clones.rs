//! A learner's clone of a workbook, whose remote an author publishes changes to.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::executable::make_executable;
use crate::ran::Ran;
use crate::workbook::Workbook;

/// The file of the answers that are updated.
pub const FILE: &str = "exercises/src/demo.rs";
/// The file that it starts from.
pub const STUB: &str = "exercises/stubs/demo.rs";

/// A learner's clone, and an author's, of the same remote repository.
pub struct Clones {
    pub learner: Workbook,
    pub author: TempDir,
    pub remote: TempDir,
}

pub fn git(folder: &Path, arguments: &str) {
    let output = Command::new("git")
        .current_dir(folder)
        .args(arguments.split(' '))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@b")])
        .envs([("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@b")])
        .output()
        .expect("git is there");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments}: {message}");
}

impl Clones {
    pub fn new() -> Self {
        let folder = || tempfile::tempdir().expect("a temporary folder can be created");
        let clones = Self {
            learner: Workbook::new(),
            author: folder(),
            remote: folder(),
        };
        let [learner, author, remote] = clones.folders();
        git(&remote, "init --quiet --bare --initial-branch=main");
        git(&learner, "init --quiet --initial-branch=main");
        clones
            .learner
            .write(".gitignore", "/.workbook/\n/target/\n");
        git(&learner, "add --all");
        git(&learner, "commit --quiet --message=first");
        git(&learner, &format!("remote add origin {}", remote.display()));
        git(&learner, "push --quiet --set-upstream origin main");
        git(&author, &format!("clone --quiet {} .", remote.display()));
        clones
    }

    pub fn folders(&self) -> [PathBuf; 3] {
        let [author, remote] = [&self.author, &self.remote].map(|folder| folder.path().to_owned());
        [self.learner.path(""), author, remote]
    }

    /// Publishes a change of the author.
    pub fn publish(&self, change: impl Fn(&str) -> String, files: &[&str]) {
        let author = self.author.path();
        for file in files {
            let path = author.join(file);
            let text = fs::read_to_string(&path).unwrap_or_default();
            fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("writable");
            fs::write(path, change(&text)).expect("writable");
        }
        git(author, "add --all");
        git(author, "commit --quiet --message=more");
        git(author, "push --quiet");
    }

    /// Publishes another contract of `double`.
    pub fn publish_contract(&self) {
        let change = |text: &str| text.replacen("/// A number.", "/// Twice the number.", 1);
        self.publish(change, &[FILE, STUB]);
    }

    pub fn update(&self) -> Ran {
        self.update_with(|_| ())
    }

    pub fn update_with(&self, change: impl FnOnce(&mut Command)) -> Ran {
        let mut tool = self.learner.tool();
        tool.arg("update").env("GIT_CONFIG_GLOBAL", "/dev/null");
        change(&mut tool);
        Ran(tool.output().expect("the tool can be started"))
    }

    pub fn hook(&self, name: &str, script: &str) {
        let hook = self.learner.path(&format!(".git/hooks/{name}"));
        fs::create_dir_all(hook.parent().expect("it lies in a folder")).expect("writable");
        fs::write(&hook, format!("#!/bin/sh\n{script}\n")).expect("writable");
        make_executable(&hook);
    }

    /// Every file of the learner's, and the commit.
    pub fn state(&self) -> BTreeMap<String, Vec<u8>> {
        fn read(folder: &Path, state: &mut BTreeMap<String, Vec<u8>>) {
            for entry in fs::read_dir(folder).expect("readable").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    if entry.file_name() != ".git" && entry.file_name() != ".workbook" {
                        read(&path, state);
                    }
                } else {
                    let content = fs::read(&path).expect("readable");
                    state.insert(path.display().to_string(), content);
                }
            }
        }
        let mut state = BTreeMap::new();
        read(&self.learner.path(""), &mut state);
        let head = Command::new("git")
            .args(["rev-parse", "HEAD"])
            .current_dir(self.learner.path(""))
            .output();
        state.insert("HEAD".to_owned(), head.expect("git is there").stdout);
        state
    }
}

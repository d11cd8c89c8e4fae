//! A copy of `ci/fixture` in which faults can be planted.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use ci::program::Compiler;
use ci::project::here;
use ci::{Finding, Project};
use tempfile::TempDir;

pub static COMPILER: LazyLock<Compiler> =
    LazyLock::new(|| Compiler::new().expect("the workspace is built and rustc is there"));

/// A small workbook in which nothing is wrong but what a test plants there.
pub struct Fixture {
    _folder: TempDir,
    pub project: Project,
}

impl Fixture {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is a place for temporary files");
        copy(&here().path("ci/fixture"), folder.path());
        let project = Project::at(folder.path());
        Self {
            _folder: folder,
            project,
        }
    }

    /// Puts `new` in place of `old`, which has to be there once.
    #[track_caller]
    pub fn plant(self, file: &str, old: &str, new: &str) -> Self {
        let text = self.project.read(file).expect("the fixture has this file");
        assert_eq!(text.matches(old).count(), 1, "{old:?} in {file}");
        self.write(file, &text.replace(old, new))
    }

    /// Adds to the end of a file.
    pub fn append(self, file: &str, text: &str) -> Self {
        let before = self.project.read(file).expect("the fixture has this file");
        self.write(file, &(before + text))
    }

    /// Writes a whole file.
    pub fn write(self, file: &str, text: &str) -> Self {
        let path = self.project.path(file);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("writable");
        fs::write(path, text).expect("writable");
        self
    }

    /// Deletes a file.
    pub fn without(self, file: &str) -> Self {
        fs::remove_file(self.project.path(file)).expect("the fixture has this file");
        self
    }
}

/// Requires exactly one finding, at this place, that says all of these.
#[track_caller]
pub fn one(findings: anyhow::Result<Vec<Finding>>, place: &str, says: &[&str]) {
    let findings = findings.expect("the proof itself can be carried out");
    let list: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(list.len(), 1, "{list:#?}");
    assert!(
        list[0].starts_with(&format!("{place}: ")),
        "not at {place}: {}",
        list[0]
    );
    for words in says {
        assert!(
            list[0].contains(words),
            "does not say {words:?}: {}",
            list[0]
        );
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the fixture is there") {
        let from = entry.expect("readable").path();
        let to = to.join(from.file_name().expect("an entry has a name"));
        if from.is_dir() {
            fs::create_dir_all(&to).expect("writable");
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("writable");
        }
    }
}

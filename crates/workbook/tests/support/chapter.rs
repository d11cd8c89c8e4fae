//! A project with one chapter, `event-loop`: a function, a type with impls, and another function.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

pub const CHAPTER: &str = "event-loop";

pub const STUB: &str = "\
//! The chapter.

use std::time::Duration;

/// Waits.
pub async fn wait(time: Duration) {
    todo!()
}

/// A gate.
pub struct Gate;

impl Gate {
    /// Opens it.
    pub fn open(&self) {
        todo!()
    }
}

/// Runs.
pub fn run() -> u32 {
    todo!()
}
";

/// The project's folder, deleted when it is dropped.
pub struct Project {
    pub folder: TempDir,
}

impl Project {
    /// A project with this answer.
    pub fn with(answer: impl AsRef<[u8]>) -> Self {
        let project = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir_all(project.folder.path().join("exercises/src")).unwrap();
        project.write(answer);
        project
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("exercises/src/event_loop.rs")
    }

    pub fn write(&self, answer: impl AsRef<[u8]>) {
        fs::write(self.file(), answer).unwrap();
    }

    pub fn bytes(&self) -> Vec<u8> {
        fs::read(self.file()).unwrap()
    }

    /// The names of the backups, sorted.
    pub fn backups(&self) -> Vec<String> {
        let folder = self.folder.path().join(".workbook/answers/event_loop");
        let entries = fs::read_dir(folder).into_iter().flatten();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }
}

//! A small class, and what was graded of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use tempfile::TempDir;

/// The program behind `cargo workbook grade`.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_classroom");

/// What counts: one chapter.
const CLASS: &str = "title = \"A small class\"\n[[exercises]]\nname = \"event-loop\"\n";

/// Who submits what. Of two parts, each has some of them.
const STUDENTS: [(&str, &str); 3] = [
    ("ada", "solutions/src/event_loop.rs"),
    ("alan", "exercises/stubs/event_loop.rs"),
    ("grace", "exercises/stubs/event_loop.rs"),
];

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub struct Class {
    folder: TempDir,
}

impl Class {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be created");
        let class = Self { folder };
        for (student, answers) in STUDENTS {
            let submission = class.path("submissions").join(student);
            fs::create_dir_all(&submission).expect("writable");
            let answers = repository().join(answers);
            fs::copy(answers, submission.join("event_loop.rs")).expect("they are there");
        }
        fs::write(class.path("class.toml"), CLASS).expect("writable");
        class
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

#[track_caller]
pub fn succeeds(output: &Output) {
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

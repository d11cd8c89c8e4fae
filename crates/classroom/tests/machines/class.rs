//! A small class, and what was graded of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

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

    /// Grades it on this machine.
    pub fn grade(&self, output: &str) {
        let mut grade = Command::new(PROGRAM);
        grade.current_dir(repository()).arg("grade");
        grade.arg(self.path("submissions"));
        grade.arg("--class").arg(self.path("class.toml"));
        grade.arg("--output").arg(self.path(output));
        succeeds(&grade.output().expect("it starts"));
    }

    /// What was graded, by the names of files in an output folder.
    pub fn graded(&self, output: &str) -> BTreeMap<String, String> {
        let output = self.path(output);
        let mut files = BTreeMap::new();
        for name in ["grades.csv", "results.json"] {
            let text = fs::read_to_string(output.join(name));
            files.insert(name.to_owned(), text.expect("it was written"));
        }
        let verdicts = autograder::files::below(&output.join("verdicts"), "json");
        for path in verdicts.expect("readable") {
            let name = path.file_name().expect("it is a file").to_string_lossy();
            let text = fs::read_to_string(&path).expect("it was written");
            files.insert(name.into_owned(), text);
        }
        let page = fs::read_to_string(output.join("report.html")).expect("it was written");
        files.insert("report.html".to_owned(), without_times(&page));
        files
    }

    /// That both folders have the same results.
    #[track_caller]
    pub fn are_the_same(&self, one: &str, other: &str) {
        let (one, other) = (self.graded(one), self.graded(other));
        let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&one), names(&other));
        for (name, text) in &one {
            assert!(*text == other[name], "{name}:\n{text}\n{}", other[name]);
        }
    }
}

/// A text without times such as `2026-12-01 20:15`.
fn without_times(text: &str) -> String {
    let mut rest = text.to_owned();
    let is_time = |bytes: &[u8]| {
        let pattern = b"dddd-dd-dd dd:dd";
        bytes.iter().zip(pattern).all(|(byte, kind)| match kind {
            b'd' => byte.is_ascii_digit(),
            other => byte == other,
        })
    };
    while let Some(start) = rest.as_bytes().windows(16).position(is_time) {
        rest.replace_range(start..start + 16, "");
    }
    rest
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

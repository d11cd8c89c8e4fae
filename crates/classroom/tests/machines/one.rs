//! What one machine finds, and whether others find the same.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::class::{Class, PROGRAM, repository, succeeds};

impl Class {
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
    fn graded(&self, output: &str) -> BTreeMap<String, String> {
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

//! A command of the tool that has ended.

use std::process::{Command, Output};

/// What it printed and how it ended.
pub struct Said {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs to the end.
#[track_caller]
pub fn said(command: &mut Command) -> Said {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the tool is there");
    Said {
        code: status.code(),
        stdout: String::from_utf8(stdout).expect("UTF-8"),
        stderr: String::from_utf8(stderr).expect("UTF-8"),
    }
}

impl Said {
    /// Requires an exit code and words on standard error, however the lines are broken.
    #[track_caller]
    pub fn is(&self, code: i32, words: &[&str]) {
        let all = format!("{}{}", self.stdout, self.stderr);
        assert_eq!(self.code, Some(code), "{all}");
        let said: Vec<_> = self.stderr.split_whitespace().collect();
        for words in words {
            assert!(
                said.join(" ").contains(words),
                "{words:?} is not in:\n{all}"
            );
        }
    }
}

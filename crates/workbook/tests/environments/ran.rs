//! Runs a command of the tool to its end.

use std::process::{Command, Output};

/// What it printed, and its exit code.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command to its end.
#[track_caller]
pub fn run(command: &mut Command) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the tool can be started");
    Ran {
        code: status.code(),
        stdout: String::from_utf8(stdout).expect("UTF-8"),
        stderr: String::from_utf8(stderr).expect("UTF-8"),
    }
}

impl Ran {
    /// Checks the exit code, and phrases on standard error regardless of line breaks.
    #[track_caller]
    pub fn is(&self, code: i32, phrases: &[&str]) {
        let all = format!("{}{}", self.stdout, self.stderr);
        assert_eq!(self.code, Some(code), "{all}");
        let words: Vec<_> = self.stderr.split_whitespace().collect();
        for phrase in phrases {
            assert!(
                words.join(" ").contains(phrase),
                "{phrase:?} is not in:\n{all}"
            );
        }
    }
}

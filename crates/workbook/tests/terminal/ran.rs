//! Runs the tool to its end.

use std::process::Output;

use crate::workbook::Workbook;

impl Workbook {
    /// Runs the tool with these arguments, separated by spaces.
    #[track_caller]
    pub fn run(&self, arguments: &str) -> Ran {
        let output = self.tool().args(arguments.split_whitespace()).output();
        Ran(output.expect("the tool can be started"))
    }
}

/// The result of a run.
pub struct Ran(pub Output);

impl Ran {
    #[track_caller]
    pub fn exits_with(self, code: i32) -> Self {
        assert_eq!(
            self.0.status.code(),
            Some(code),
            "{}\n{}",
            self.stdout(),
            self.stderr()
        );
        self
    }

    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert_eq!(self.stdout(), text);
        self
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.stdout().contains(words), "{}", self.stdout());
        self
    }

    #[track_caller]
    pub fn complains(self, words: &str) -> Self {
        assert_eq!(self.stderr(), words);
        self
    }

    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }
}

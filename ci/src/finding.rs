//! What a proof reports.

use std::fmt;

/// One fault: where it is, and a message that says what was found and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the project's root, with forward slashes.
    pub file: String,
    /// The line in that file, counted from 1.
    pub line: usize,
    /// What is wrong, as one or more whole sentences.
    pub message: String,
}

impl Finding {
    /// A finding at a line of a file.
    pub fn new(file: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Fails the running test with all findings, one under the other.
///
/// # Panics
///
/// If there is any finding.
#[track_caller]
pub fn require_none(findings: &[Finding]) {
    if !findings.is_empty() {
        let list: String = findings.iter().map(|f| format!("\n{f}\n")).collect();
        panic!("{} found:\n{list}", findings.len());
    }
}

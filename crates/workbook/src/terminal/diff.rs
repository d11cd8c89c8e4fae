//! Compares the learner's answer with the solution.

use std::fmt::Write;

use similar::{ChangeTag, TextDiff};

use super::style::{dim, error, success};

/// The changes from `old` to `new`, line by line.
pub fn text(old: &str, new: &str) -> String {
    let mut text = String::new();
    for change in TextDiff::from_lines(old, new).iter_all_changes() {
        let line = change.value().trim_end_matches(['\r', '\n']);
        let _ = match change.tag() {
            ChangeTag::Delete => writeln!(text, "{}", error(&format!("- {line}"))),
            ChangeTag::Insert => writeln!(text, "{}", success(&format!("+ {line}"))),
            ChangeTag::Equal => writeln!(text, "{}", dim(&format!("  {line}"))),
        };
    }
    text
}

//! The learner's answer beside the solution.

use std::fmt::Write;

use similar::{ChangeTag, TextDiff};

use super::paint::{bad, dim, good};

/// What would make `old` into `new`, line by line.
pub fn text(old: &str, new: &str) -> String {
    let mut text = String::new();
    for change in TextDiff::from_lines(old, new).iter_all_changes() {
        let line = change.value().trim_end_matches(['\r', '\n']);
        let _ = match change.tag() {
            ChangeTag::Delete => writeln!(text, "{}", bad(&format!("- {line}"))),
            ChangeTag::Insert => writeln!(text, "{}", good(&format!("+ {line}"))),
            ChangeTag::Equal => writeln!(text, "{}", dim(&format!("  {line}"))),
        };
    }
    text
}

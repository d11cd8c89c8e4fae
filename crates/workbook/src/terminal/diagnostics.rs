//! The compiler's errors for a terminal.

use autograder::diagnostic::Diagnostic;

use super::{count, paragraph};

/// The first error with its explanation and where to read on, and how many more there are.
pub fn first_error(errors: &[Diagnostic]) -> Option<String> {
    let (first, others) = errors.split_first()?;
    let mut text = first.rendered.trim_end().to_owned();
    if let Some(explanation) = &first.explanation {
        text += &format!("\n\n{}", paragraph(explanation));
    }
    if let Some(section) = &first.read_on {
        text += &format!("\n\nRead on: book/{section}");
    }
    if !others.is_empty() {
        text += &format!(
            "\n\nAnd {}. Fix this one first.",
            count(others.len(), "more error")
        );
    }
    Some(text)
}

//! Colours and marks.

use anstyle::{AnsiColor, Style};
use autograder::verdict::State;

const SUCCESS: Style = AnsiColor::Green.on_default();
const ERROR: Style = AnsiColor::Red.on_default();
const WARNING: Style = AnsiColor::Yellow.on_default();
const COMMAND: Style = AnsiColor::Cyan.on_default();

/// Something solved or present.
pub fn success(text: &str) -> String {
    styled(SUCCESS, text)
}

/// Something unsolved or missing.
pub fn error(text: &str) -> String {
    styled(ERROR, text)
}

/// A warning.
pub fn warning(text: &str) -> String {
    styled(WARNING, text)
}

/// Something to type.
pub fn command(text: &str) -> String {
    styled(COMMAND, text)
}

/// A heading.
pub fn bold(text: &str) -> String {
    styled(Style::new().bold(), text)
}

/// Something less important.
pub fn dim(text: &str) -> String {
    styled(Style::new().dimmed(), text)
}

/// The mark of an exercise in a list.
pub fn mark(state: State) -> String {
    match state {
        State::Solved => success("✓"),
        State::NotStarted => dim("·"),
        State::Failing | State::Hangs | State::DoesNotCompile => error("✗"),
        State::GraderChanged => warning("!"),
    }
}

/// Colours code in backticks.
pub fn highlight_code(text: &str) -> String {
    let mut painted = String::new();
    for (index, part) in text.split('`').enumerate() {
        painted += &match index % 2 {
            1 => command(&format!("`{part}`")),
            _ => part.to_owned(),
        };
    }
    painted
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Text without its colours.
#[cfg(test)]
pub fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

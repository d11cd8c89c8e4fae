//! Colours.

use anstyle::{AnsiColor, Style};
use autograder::verdict::State;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const WARNING: Style = AnsiColor::Yellow.on_default();
const COMMAND: Style = AnsiColor::Cyan.on_default();

/// Solved, or there.
pub fn good(text: &str) -> String {
    styled(GOOD, text)
}

/// Not solved, or missing.
pub fn bad(text: &str) -> String {
    styled(BAD, text)
}

/// To be known, but nothing is lost.
pub fn warning(text: &str) -> String {
    styled(WARNING, text)
}

/// To be typed.
pub fn command(text: &str) -> String {
    styled(COMMAND, text)
}

/// A heading.
pub fn bold(text: &str) -> String {
    styled(Style::new().bold(), text)
}

/// Of less interest.
pub fn dim(text: &str) -> String {
    styled(Style::new().dimmed(), text)
}

/// The mark of an exercise in a list.
pub fn mark(state: State) -> String {
    match state {
        State::Solved => good("✓"),
        State::NotStarted => dim("·"),
        State::Failing | State::Hangs | State::DoesNotCompile => bad("✗"),
        State::GraderChanged => warning("!"),
    }
}

/// A sentence whose code, in backticks, is coloured.
pub fn with_code(text: &str) -> String {
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

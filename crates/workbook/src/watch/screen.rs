//! The lines of a watching session's screen.

use autograder::Step;

use crate::names::ExerciseRef;
use crate::terminal::spinner;
use crate::terminal::style::{bold, command, dim, success};

/// The keys, and what they do.
const KEYS: &[(&str, &str)] = &[
    ("h", "hint"),
    ("n", "next"),
    ("p", "previous"),
    ("l", "list"),
    ("r", "reset"),
    ("s", "solution"),
    ("q", "quit"),
];

/// The width of the progress bar.
const BAR: usize = 20;

/// The lines at the top: the exercise, how many are solved, and where to edit and to read.
pub fn header(
    exercise: &ExerciseRef<'_>,
    book: &str,
    solved: usize,
    all: usize,
    columns: usize,
) -> Vec<String> {
    let name = exercise.name();
    let count = format!("{solved} of {all} solved");
    let full = (solved * BAR).checked_div(all).unwrap_or(0);
    let bar = success(&"█".repeat(full)) + &dim(&"░".repeat(BAR - full));
    let room = columns.saturating_sub(name.chars().count() + count.len() + BAR + 4);
    let title: String = exercise.exercise.title.chars().take(room).collect();
    let gap = " ".repeat(room - title.chars().count());
    vec![
        format!("{}  {}{gap} {count} {bar}", bold(&name), dim(&title)),
        dim(&format!(
            "{}, {} min",
            exercise.file(),
            exercise.exercise.minutes
        )),
        dim(book),
    ]
}

/// The line at the bottom: the available keys.
pub fn keys(can_scroll: bool, can_go_back: bool, can_open: bool) -> String {
    let mut keys: Vec<_> = KEYS
        .iter()
        .map(|(key, does)| format!("{} {does}", command(key)))
        .collect();
    if can_open {
        keys.push(format!("{} page", command("o")));
    }
    if can_scroll {
        keys.push(format!("{} more", command("↑↓")));
    }
    if can_go_back {
        keys.push(format!("{} back", command("Enter")));
    }
    keys.join("  ")
}

/// The line at the bottom while an exercise is graded.
pub fn grading(step: Option<&Step>) -> String {
    let message = step.map_or_else(|| "Grading".to_owned(), spinner::message);
    match step.map_or((0, 0), spinner::counts) {
        (_, 0) => dim(&format!("{message} ...")),
        (done, total) => dim(&format!("{message}: {done} of {total} ...")),
    }
}

/// The lines of a text, wrapped to the width of the terminal.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        if textwrap::core::display_width(line) <= columns {
            lines.push(line.to_owned());
        } else if line.contains(['─', '├', '■']) {
            // A timeline is cut off, because a wrapped one would be unreadable.
            lines.push(line.chars().take(columns).collect());
        } else {
            lines.extend(textwrap::wrap(line, columns).into_iter().map(String::from));
        }
    }
    lines
}

/// The lines that are visible at a scroll position, and that position, limited to the length of the text.
pub fn visible(lines: &[String], scroll: usize, room: usize) -> (usize, &[String]) {
    let scroll = scroll.min(lines.len().saturating_sub(room));
    (scroll, &lines[scroll..lines.len().min(scroll + room)])
}

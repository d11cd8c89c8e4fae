//! What a watching session looks like.

use autograder::Step;

use crate::names::Place;
use crate::terminal::paint::{bold, command, dim, good};
use crate::terminal::waiting;

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

/// How wide the bar of the exercises is.
const BAR: usize = 20;

/// The lines on top: the exercise, how many are solved, and where to edit and to read.
pub fn top(
    place: &Place<'_>,
    book: &str,
    solved: usize,
    all: usize,
    columns: usize,
) -> Vec<String> {
    let name = place.name();
    let count = format!("{solved} of {all} solved");
    let full = (solved * BAR).checked_div(all).unwrap_or(0);
    let bar = good(&"█".repeat(full)) + &dim(&"░".repeat(BAR - full));
    let room = columns.saturating_sub(name.chars().count() + count.len() + BAR + 4);
    let title: String = place.exercise.title.chars().take(room).collect();
    let gap = " ".repeat(room - title.chars().count());
    vec![
        format!("{}  {}{gap} {count} {bar}", bold(&name), dim(&title)),
        dim(&format!("{}, {} min", place.file(), place.exercise.minutes)),
        dim(book),
    ]
}

/// The line at the bottom: the keys that do something now.
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

/// What is being done, in place of the keys' line.
pub fn working(step: Option<&Step>) -> String {
    let words = step.map_or_else(|| "Grading".to_owned(), waiting::words);
    match step.map_or((0, 0), waiting::counts) {
        (_, 0) => dim(&format!("{words} ...")),
        (done, total) => dim(&format!("{words}: {done} of {total} ...")),
    }
}

/// The lines of a text as the terminal would break them.
pub fn folded(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        if textwrap::core::display_width(line) <= columns {
            lines.push(line.to_owned());
        } else if line.contains(['─', '├', '■']) {
            // A timeline that is broken into pieces shows nothing; its beginning does.
            lines.push(line.chars().take(columns).collect());
        } else {
            lines.extend(textwrap::wrap(line, columns).into_iter().map(String::from));
        }
    }
    lines
}

/// As many of the lines from `from` on as there is room for, and `from` as far as it makes sense.
pub fn part(lines: &[String], from: usize, room: usize) -> (usize, &[String]) {
    let from = from.min(lines.len().saturating_sub(room));
    (from, &lines[from..lines.len().min(from + room)])
}

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

/// How many lines the parts of the screen have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    header: usize,
    /// The number of lines between the header and the bottom.
    pub body: usize,
    bottom: usize,
    /// Whether empty lines separate the parts.
    has_gaps: bool,
}

/// The body has at least so many lines, at the expense of the other parts.
const MIN_BODY: usize = 3;

impl Layout {
    /// The layout of a screen with `lines`, for a header and a bottom of these lengths. Where there is little room, the gaps
    /// go first, then the lower lines of the bottom and of the header. The first line of the header stays.
    pub fn new(lines: usize, header: usize, bottom: usize) -> Self {
        let gaps = 2;
        if header + bottom + gaps + MIN_BODY <= lines {
            return Self {
                header,
                body: lines - header - bottom - gaps,
                bottom,
                has_gaps: true,
            };
        }
        let room = lines.saturating_sub(MIN_BODY);
        let header_at_least = header.min(1);
        let bottom = bottom.min(room.saturating_sub(header_at_least));
        let header = header.min(room - bottom).max(header_at_least);
        Self {
            header,
            body: lines.saturating_sub(header + bottom),
            bottom,
            has_gaps: false,
        }
    }

    /// The lines of the screen.
    pub fn arrange(&self, header: &[String], body: &[String], bottom: &[String]) -> Vec<String> {
        let mut lines = header[..self.header.min(header.len())].to_vec();
        lines.extend(self.has_gaps.then(String::new));
        lines.extend_from_slice(body);
        lines.extend(self.has_gaps.then(String::new));
        lines.extend_from_slice(&bottom[..self.bottom.min(bottom.len())]);
        lines
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

#[cfg(test)]
mod tests {
    use super::Layout;

    fn layout(lines: usize, header: usize, bottom: usize) -> [usize; 3] {
        let layout = Layout::new(lines, header, bottom);
        [layout.header, layout.body, layout.bottom]
    }

    #[test]
    fn a_small_screen_shows_something_of_each_part_and_most_of_the_body() {
        assert_eq!(layout(24, 3, 1), [3, 18, 1]);
        assert_eq!(layout(9, 3, 1), [3, 3, 1]);
        assert_eq!(layout(8, 3, 1), [3, 4, 1]);
        // As in 20 columns and 5 lines.
        assert_eq!(layout(5, 6, 5), [1, 3, 1]);
        assert_eq!(layout(4, 3, 1), [1, 3, 0]);
        assert_eq!(layout(1, 3, 1), [1, 0, 0]);
    }

    #[test]
    fn the_lines_fit_on_every_screen() {
        for (lines, header, bottom) in
            (1..30).flat_map(|lines| (0..9).flat_map(move |h| (0..9).map(move |b| (lines, h, b))))
        {
            let of = |count| vec![String::new(); count];
            let layout = Layout::new(lines, header, bottom);
            let shown = layout.arrange(&of(header), &of(layout.body), &of(bottom));
            assert!(
                shown.len() <= lines,
                "{lines} {header} {bottom}: {layout:?}"
            );
        }
    }
}

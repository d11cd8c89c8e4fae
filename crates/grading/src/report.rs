//! What a learner reads when a test fails.

use std::fmt;
use std::time::Duration;

use timeline::{End, Timeline};

use crate::failure::Failure;

/// No line of a report is wider than this.
const COLUMNS: usize = 80;

/// Where the book's pages are, seen from where the tests are run.
const BOOK: &str = "book";

/// More lanes than this push the sentences off a terminal.
const MOST_LANES: usize = 10;

/// A larger picture, in bytes, comes from marks that are books of their own. It is left out, so that a
/// failing answer is not told that it printed too much.
const LARGEST_PICTURE: usize = 256 << 10;

/// A whole report: what was seen, what that usually means, where to read on, and the timeline.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Each on a line of its own.
    pub(crate) seen: Vec<String>,
    pub(crate) usually: Option<String>,
    pub(crate) read: Option<String>,
    /// Left out if it has nothing to say.
    pub(crate) timeline: Option<Timeline>,
    /// Whether it is one line, however wide: programs look for it.
    one_line: bool,
}

impl Report {
    pub(crate) fn new(seen: impl Into<String>) -> Self {
        Self {
            seen: vec![seen.into()],
            ..Self::default()
        }
    }

    pub(crate) fn of(miss: &Failure) -> Self {
        Self {
            seen: vec![miss.seen.clone()],
            usually: miss.usually.clone(),
            read: miss.read.clone(),
            ..Self::default()
        }
    }

    pub(crate) fn one_line(seen: impl Into<String>) -> Self {
        Self {
            one_line: true,
            ..Self::new(seen)
        }
    }

    pub(crate) fn usually(mut self, meaning: impl Into<String>) -> Self {
        self.usually = Some(meaning.into());
        self
    }

    pub(crate) fn read(mut self, page: impl Into<String>) -> Self {
        self.read = Some(page.into());
        self
    }

    /// Says in which order of the threads' steps it was so. A stub is one in every order.
    #[cfg(feature = "loom")]
    pub(crate) fn in_order(&mut self, which: &str) {
        if !self.one_line {
            let order =
                format!("This was in one order of the threads' steps, the {which} that was tried.");
            self.seen.push(order);
        }
    }

    /// Says which seed gives this order of polls again. A stub is one in every order.
    pub(crate) fn with_seed(&mut self, variable: &str, seed: u64) {
        if !self.one_line {
            self.seen.push(format!(
                "This was in one of many orders of the polls. {variable}={seed} in the environment repeats it."
            ));
        }
    }

    pub(crate) fn timeline(mut self, timeline: Timeline) -> Self {
        self.timeline = Some(timeline);
        self
    }
}

/// Whether this process runs one test alone, and a program reads what it reports.
pub(crate) fn one_test() -> bool {
    std::env::var_os("GRADING_ONE_TEST").is_some()
}

impl Report {
    /// What goes to standard error.
    pub(crate) fn printed(&self) -> String {
        if one_test() {
            self.in_parts()
        } else {
            self.to_string()
        }
    }

    /// The report for a program that reads it: the sentences, the timeline as text and the timeline as
    /// SVG, the last two empty if there is none. A character that no one prints parts it from what the
    /// answer has printed before it, and another one ends each part.
    fn in_parts(&self) -> String {
        let sentences = self.sentences().replace(['\u{1d}', '\u{1e}'], "\u{fffd}");
        let (chart, svg) = self.drawn().map_or_else(Default::default, |timeline| {
            let svg = timeline.to_svg("timeline", "What the futures did");
            (timeline.to_short_text(MOST_LANES, COLUMNS), svg)
        });
        let svg = if svg.len() > LARGEST_PICTURE {
            ""
        } else {
            &svg
        };
        format!("\u{1e}{sentences}\u{1d}{chart}\u{1d}{svg}\u{1d}")
    }

    fn sentences(&self) -> String {
        if self.one_line {
            return self.seen.join(" ") + "\n";
        }
        let mut text = String::new();
        for sentence in &self.seen {
            text += &wrapped(sentence);
        }
        if let Some(meaning) = &self.usually {
            text += &wrapped(&format!("This usually means {meaning}"));
        }
        if let Some(page) = &self.read {
            text += &format!("Read on: {BOOK}/{page}\n");
        }
        text
    }

    /// The timeline, if it is worth a look.
    fn drawn(&self) -> Option<&Timeline> {
        let timeline = self.timeline.as_ref()?;
        (!self.one_line && says_something(timeline)).then_some(timeline)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentences())?;
        match self.drawn() {
            Some(timeline) => write!(f, "\n{}", timeline.to_short_text(MOST_LANES, COLUMNS)),
            None => Ok(()),
        }
    }
}

/// Whether anything is there that was not dropped before it could begin.
fn says_something(timeline: &Timeline) -> bool {
    let nothing = End::Dropped(Duration::ZERO);
    timeline.lanes.iter().any(|lane| lane.end != nothing)
}

/// `text` with no line wider than [`COLUMNS`], broken between words, each line ended.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        if width(line) <= COLUMNS {
            lines.push_str(line.trim_end());
            lines.push('\n');
        } else {
            wrap_line(line, &mut lines);
        }
    }
    lines
}

fn wrap_line(line: &str, lines: &mut String) {
    let mut column = 0;
    for word in line.split_whitespace().flat_map(pieces) {
        if column > 0 && column + 1 + width(word) > COLUMNS {
            lines.push('\n');
            column = 0;
        }
        if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += width(word);
    }
    lines.push('\n');
}

/// A word that fits on no line, a long list without spaces say, is cut where it must be.
fn pieces(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let cut = rest
            .char_indices()
            .nth(COLUMNS)
            .map_or(rest.len(), |(cut, _)| cut);
        let (piece, behind) = rest.split_at(cut);
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use timeline::{End, LaneRecord, Timeline};

    use super::{COLUMNS, LARGEST_PICTURE, Report, width, wrapped};

    fn lane(name: &str) -> Timeline {
        let lane = LaneRecord {
            name: name.to_owned(),
            parent: None,
            created: std::time::Duration::ZERO,
            polls: Vec::new(),
            wakes: Vec::new(),
            marks: Vec::new(),
            end: End::Open,
        };
        let mut timeline = Timeline::default();
        timeline.lanes.push(lane);
        timeline
    }

    #[test]
    fn the_parts_for_a_program_are_what_a_terminal_shows_and_a_picture() {
        let report = Report::new("Two pages are missing.")
            .usually("that they were not asked for.")
            .timeline(lane("fetch 1"));
        let printed = report.in_parts();
        let parts: Vec<&str> = printed.split(['\u{1e}', '\u{1d}']).collect();
        let ["", sentences, chart, svg, ""] = &*parts else {
            panic!("these are the parts: {parts:#?}");
        };
        assert_eq!(format!("{sentences}\n{chart}"), report.to_string());
        assert!(
            svg.starts_with("<svg ") && svg.ends_with("</svg>\n"),
            "{svg}"
        );
        let bare = Report::new("No pages.");
        assert_eq!(bare.in_parts(), "\u{1e}No pages.\n\u{1d}\u{1d}\u{1d}");
        assert_eq!(bare.to_string(), "No pages.\n");
    }

    #[test]
    fn what_parts_a_report_is_no_part_of_it() {
        let report = Report::new("It gave back \u{1d}\u{1e}<svg>.").timeline(lane("\u{1e}\u{1d}"));
        let printed = report.in_parts();
        assert_eq!(printed.matches('\u{1e}').count(), 1);
        assert_eq!(printed.matches('\u{1d}').count(), 3);
    }

    #[test]
    fn a_picture_that_is_too_large_is_left_out() {
        let printed = Report::new("No.").timeline(lane(&"long ".repeat(LARGEST_PICTURE / 5)));
        let printed = printed.in_parts();
        assert!(printed.ends_with("\u{1d}\u{1d}"), "{printed}");
        assert!(
            printed.contains('■') || printed.contains('→'),
            "the chart stays"
        );
    }

    #[test]
    fn a_sentence_that_fits_stays_on_one_line() {
        let exactly = "x".repeat(COLUMNS);
        assert_eq!(wrapped(&exactly), format!("{exactly}\n"));
    }

    #[test]
    fn a_long_sentence_is_broken_between_words() {
        let sentence = "word ".repeat(40);
        let lines = wrapped(&sentence);
        assert_eq!(lines.split_whitespace().count(), 40);
        assert!(lines.lines().all(|line| width(line) <= COLUMNS), "{lines}");
        assert_eq!(lines.lines().count(), 3);
    }

    #[test]
    fn line_breaks_and_indents_of_a_short_message_stay() {
        let message = "assertion failed\n  left: 1\n right: 2";
        assert_eq!(wrapped(message), format!("{message}\n"));
    }

    #[test]
    fn a_word_wider_than_the_report_is_cut() {
        let lines = wrapped(&format!("é: {}", "ä".repeat(200)));
        assert!(lines.lines().all(|line| width(line) <= COLUMNS), "{lines}");
        assert_eq!(lines.matches('ä').count(), 200);
    }
}

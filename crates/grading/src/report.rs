//! What a learner reads when a test fails.

mod wrapping;

use std::fmt;
use std::panic::resume_unwind;
use std::time::Duration;

use timeline::{End, Timeline};

use crate::cause::Cause;
use crate::failure::Failure;
use wrapping::{COLUMNS, wrapped};

/// Where the book's pages are, relative to where the tests run.
const BOOK: &str = "book";

/// More lanes than this would push the sentences off a terminal.
const MOST_LANES: usize = 10;

/// A larger record, in bytes, comes from very long marks. It is left out, so that a failing answer is
/// not rejected because it printed too much.
const LARGEST_RECORD: usize = 256 << 10;

/// Begins a report that a program reads, and separates it from what the answer printed before it.
const START: char = '\u{1e}';

/// Ends each part of a report that a program reads.
const END_OF_PART: char = '\u{1d}';

/// In the last part of a report that depends on real time.
const REAL_TIME: &str = "real time";

/// In the last part of a report that depends on threads.
const THREADS: &str = "threads";

/// A whole report: what was expected and seen, what that usually means, where to read on, and the
/// timeline.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// What was expected and seen. Each sentence has a line of its own.
    pub(crate) seen: Vec<String>,
    pub(crate) usually: Option<String>,
    pub(crate) read: Option<String>,
    /// Left out if it shows nothing.
    pub(crate) timeline: Option<Timeline>,
    /// What failed, if a run of the same case fails in the same way each time and takes little real time.
    pub(crate) cause: Option<Cause>,
    /// Whether it is one line, however wide: programs look for it.
    one_line: bool,
    /// Whether it depends on how much real time something took. The next run may come to another verdict.
    real_time: bool,
    /// Whether it depends on how threads of the system were scheduled. The next run may say something else.
    threads: bool,
}

impl Report {
    pub(crate) fn new(seen: impl Into<String>) -> Self {
        Self {
            seen: vec![seen.into()],
            ..Self::default()
        }
    }

    pub(crate) fn of(failure: &Failure) -> Self {
        Self {
            seen: vec![failure.seen.clone()],
            usually: failure.usually.clone(),
            read: failure.read.clone(),
            ..Self::default()
        }
    }

    pub(crate) fn one_line(seen: impl Into<String>) -> Self {
        Self {
            one_line: true,
            ..Self::new(seen)
        }
    }

    /// Marks a report that depends on how much real time something took.
    pub(crate) fn in_real_time(mut self) -> Self {
        self.real_time = true;
        self
    }

    /// Marks the report of a run that has waited for threads of the system.
    pub(crate) fn depends_on_threads(mut self, depends: bool) -> Self {
        self.threads |= depends;
        self
    }

    /// With what `failure` says, instead of what it usually means.
    pub(crate) fn because_of(mut self, failure: &Failure) -> Self {
        self.seen.push(failure.seen.clone());
        self.usually = failure.usually.clone();
        self.read = failure.read.clone();
        self
    }

    #[cfg(any(feature = "loom", test))]
    pub(crate) fn usually(mut self, meaning: impl Into<String>) -> Self {
        self.usually = Some(meaning.into());
        self
    }

    pub(crate) fn read(mut self, page: impl Into<String>) -> Self {
        self.read = Some(page.into());
        self
    }

    pub(crate) fn timeline(mut self, timeline: Timeline) -> Self {
        self.timeline = Some(timeline);
        self
    }

    pub(crate) fn cause(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// Adds in which interleaving of the threads' steps it happened. A stub is a stub in all of them.
    #[cfg(feature = "loom")]
    pub(crate) fn in_interleaving(&mut self, which: &str) {
        if !self.one_line {
            self.seen.push(format!(
                "This happened in one interleaving of the threads' steps, the {which} that was tried."
            ));
        }
    }

    /// Adds in which case it happened. A stub is a stub in all of them.
    pub(crate) fn add_case(&mut self, sentence: String) {
        if !self.one_line {
            self.seen.push(sentence);
        }
    }

    /// Prints the report and fails the test, with nothing around it: this unwinding passes no panic hook,
    /// so there is no "thread panicked" and no backtrace.
    pub(crate) fn fail(&self) -> ! {
        eprint!("{}", self.printed());
        resume_unwind(Box::new("a grader has printed its report"))
    }

    /// What goes to standard error.
    pub(crate) fn printed(&self) -> String {
        if one_test() {
            self.for_programs()
        } else {
            self.to_string()
        }
    }

    /// The report for a program that reads it: the sentences, the timeline as text, its record, and whether it depends
    /// on real time or on threads. What does not apply is empty. An answer can print all of this as well, so the record contains no
    /// picture: the other program draws it.
    fn for_programs(&self) -> String {
        let sentences = self.sentences().replace([START, END_OF_PART], "\u{fffd}");
        let (chart, record) = self.drawn().map_or_else(Default::default, |timeline| {
            let chart = timeline.to_short_text(MOST_LANES, COLUMNS);
            (chart, timeline.to_record())
        });
        let record = if record.len() > LARGEST_RECORD {
            ""
        } else {
            &record
        };
        let depends_on = [(self.real_time, REAL_TIME), (self.threads, THREADS)];
        let depends_on = depends_on.map(|(depends, on)| if depends { on } else { "" });
        let depends_on = depends_on.join(" ");
        let depends_on = depends_on.trim();
        format!(
            "{START}{sentences}{END_OF_PART}{chart}{END_OF_PART}{record}{END_OF_PART}{depends_on}{END_OF_PART}"
        )
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

    /// The timeline, if it shows anything.
    fn drawn(&self) -> Option<&Timeline> {
        let timeline = self.timeline.as_ref()?;
        (!self.one_line && shows_something(timeline)).then_some(timeline)
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

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Report::of(self).fmt(f)
    }
}

/// Whether this process runs one test alone, and a program reads what it reports.
pub(crate) fn one_test() -> bool {
    std::env::var_os("GRADING_ONE_TEST").is_some()
}

/// Whether any lane did more than be dropped at time zero.
fn shows_something(timeline: &Timeline) -> bool {
    let nothing = End::Dropped(Duration::ZERO);
    timeline.lanes.iter().any(|lane| lane.end != nothing)
}

#[cfg(test)]
mod tests {
    use timeline::{InLane, Recorder, Timeline};

    use super::{LARGEST_RECORD, Report};

    fn lane(name: &str) -> Timeline {
        let recorder = Recorder::new();
        let _guard = recorder.install();
        let _pending = std::future::pending::<()>().in_lane(name);
        recorder.timeline()
    }

    #[test]
    fn the_parts_for_a_program_are_what_a_terminal_shows_and_a_record() {
        let timeline = lane("fetch 1");
        let report = Report::new("Two pages are missing.")
            .usually("that they were never requested.")
            .timeline(timeline.clone());
        let printed = report.for_programs();
        let parts: Vec<&str> = printed.split(['\u{1e}', '\u{1d}']).collect();
        let ["", sentences, chart, record, "", ""] = &*parts else {
            panic!("these are the parts: {parts:#?}");
        };
        assert_eq!(format!("{sentences}\n{chart}"), report.to_string());
        assert_eq!(Timeline::from_record(record), Some(timeline));
        let bare = Report::new("No pages.");
        assert_eq!(
            bare.for_programs(),
            "\u{1e}No pages.\n\u{1d}\u{1d}\u{1d}\u{1d}"
        );
        assert_eq!(bare.to_string(), "No pages.\n");
        let slow = bare.in_real_time();
        assert_eq!(
            slow.for_programs(),
            "\u{1e}No pages.\n\u{1d}\u{1d}\u{1d}real time\u{1d}"
        );
        assert_eq!(slow.to_string(), "No pages.\n");
        let both = slow.depends_on_threads(true);
        assert_eq!(
            both.for_programs(),
            "\u{1e}No pages.\n\u{1d}\u{1d}\u{1d}real time threads\u{1d}"
        );
        let threads = Report::new("No pages.").depends_on_threads(true);
        assert_eq!(
            threads.for_programs(),
            "\u{1e}No pages.\n\u{1d}\u{1d}\u{1d}threads\u{1d}"
        );
    }

    #[test]
    fn the_separators_of_the_parts_cannot_occur_inside_them() {
        let report = Report::new("It returned \u{1d}\u{1e}<svg>.").timeline(lane("\u{1e}\u{1d}"));
        let printed = report.for_programs();
        assert_eq!(printed.matches('\u{1e}').count(), 1);
        assert_eq!(printed.matches('\u{1d}').count(), 4);
    }

    #[test]
    fn a_record_that_is_too_large_is_left_out() {
        let report = Report::new("No.").timeline(lane(&"long ".repeat(LARGEST_RECORD / 5)));
        let printed = report.for_programs();
        assert!(printed.ends_with("\u{1d}\u{1d}\u{1d}"), "{printed}");
        assert!(
            printed.contains('■') || printed.contains('→'),
            "the chart stays"
        );
    }
}

//! What grading comes to: typed verdicts, for a terminal, a page or a class.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;

/// What the environment of a process that runs one test says. `GRADING_POLL_LIMIT` is there for a
/// process of many tests on a machine that may be busy; one test needs less.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("RUST_BACKTRACE", "0"),
    ("GRADING_ONE_TEST", "1"),
    ("GRADING_POLL_LIMIT", "2"),
];

/// What a test printed on standard error, in its parts. `grading` marks where its report begins and
/// where each part of it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said<'a> {
    /// What the answer itself printed before the report.
    pub before: &'a str,
    /// What was seen, what that usually means, where to read on. A panic without a report is all this.
    pub sentences: &'a str,
    /// The timeline for a terminal, or nothing.
    pub chart: &'a str,
    /// The timeline for a page.
    pub svg: Option<&'a str>,
    /// What was printed behind the report, by a thread of the answer or at the process's end.
    pub after: &'a str,
    /// Whether there is a report, and it came to its end.
    pub whole: bool,
}

impl<'a> Said<'a> {
    /// Parts what was printed. An answer may print the marks as well: the report is what comes last.
    pub fn parted(stderr: &'a str) -> Self {
        let Some((before, report)) = stderr.rsplit_once('\u{1e}') else {
            return Self {
                sentences: stderr,
                ..Self::default()
            };
        };
        let mut parts = report.splitn(4, '\u{1d}');
        let sentences = parts.next().unwrap_or_default();
        let (Some(chart), Some(svg), Some(after)) = (parts.next(), parts.next(), parts.next())
        else {
            // The process ended while it was printed: what is whole is the sentences.
            return Self {
                before,
                sentences,
                ..Self::default()
            };
        };
        Self {
            before,
            sentences,
            chart,
            svg: Some(svg).filter(|svg| !svg.is_empty()),
            after,
            whole: true,
        }
    }

    /// The report as a terminal shows it: the sentences, and the timeline below them.
    pub fn report(&self) -> String {
        with_chart(self.sentences, self.chart)
    }
}

/// A report and the timeline below it, as a terminal shows them.
fn with_chart(report: &str, chart: &str) -> String {
    match (report.trim_end(), chart.trim_end()) {
        (report, "") => report.to_owned(),
        (report, chart) => format!("{report}\n\n{chart}"),
    }
}

/// What a chapter's grader says of the answers in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChapterVerdict {
    /// The chapter's slug: `event-loop`.
    pub chapter: String,
    /// One for each exercise that was graded, in the order of the manifest.
    pub exercises: Vec<ExerciseVerdict>,
    /// Why it does not compile: the compiler's errors in its own order, the first one first.
    pub errors: Vec<Diagnostic>,
    /// What the compiler warns of in the answers.
    pub warnings: Vec<Diagnostic>,
    /// The grader's files that are not the workbook's own any more, relative to the root.
    pub changed: Vec<String>,
}

/// What the grader says of one exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExerciseVerdict {
    /// The exercise's name: `fetch_all`.
    pub exercise: String,
    /// Where it stands.
    pub state: State,
    /// One for each test of the exercise, in the order of the grader. Empty where nothing could be run.
    pub tests: Vec<TestVerdict>,
    /// The known wrong answers that fail the same tests with the same words. More than one where
    /// several mistakes look the same from outside.
    pub misconceptions: Vec<Misconception>,
}

/// Where an exercise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Every test passed.
    Solved,
    /// Its `todo!()` is still there.
    NotStarted,
    /// At least one test did not pass.
    Failing,
    /// At least one test did not end.
    Hangs,
    /// The chapter's file does not compile.
    DoesNotCompile,
    /// The chapter's grader is not the workbook's own, so its tests say nothing.
    GraderChanged,
}

/// What one test did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TestVerdict {
    /// Its name in the grader: `fetch_all::downloads_overlap`.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What it reports: what was seen, what that usually means, where to read on. Empty if it passed.
    pub report: String,
    /// The timeline of what the futures did, in text. Empty if there is none.
    pub chart: String,
    /// The same timeline as SVG.
    pub svg: Option<String>,
    /// What the answer itself printed.
    pub printed: String,
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Outcome {
    /// The test came to its end and had nothing to report.
    Passed,
    /// It reached a `todo!()`.
    NotStarted,
    /// A check missed, or something panicked.
    Failed,
    /// It waited or looped for ever.
    Hangs,
    /// The answer ended the process, with this code, before the test was over.
    EndedTheProcess {
        /// The exit code.
        code: i32,
    },
    /// The process was ended by this signal: an abort, an overflowing stack, a second panic.
    Crashed {
        /// The signal's number.
        signal: i32,
    },
    /// It used more of something than a test may.
    OverLimit {
        /// Of what.
        limit: Limit,
    },
    /// The test came to its end, but processes that the answer started went on after it.
    LeftProcesses {
        /// How many.
        count: usize,
    },
    /// The answer ended the process that ran the test.
    EndedItsGuard,
    /// It was not run, because a test of the same exercise before it hangs.
    NotRun,
}

/// What a test may use only so much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Memory.
    Memory,
    /// What is printed.
    Output,
    /// Processes at the same time.
    Processes,
}

/// A mistake that is known, with what it usually means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Misconception {
    /// What the answer does, in a sentence: `Awaits one page after the other.`
    pub says: String,
    /// The wrong answer that shows it, relative to the root.
    pub file: String,
}

impl Outcome {
    /// Whether the test passed.
    pub fn passed(self) -> bool {
        self == Self::Passed
    }
}

impl TestVerdict {
    /// The report as a terminal shows it: what was seen, and the timeline below it.
    pub fn report_and_chart(&self) -> String {
        with_chart(&self.report, &self.chart)
    }
}

impl ExerciseVerdict {
    /// How many tests did not pass.
    pub fn failed(&self) -> usize {
        self.tests
            .iter()
            .filter(|test| !test.outcome.passed())
            .count()
    }

    /// Where an exercise stands whose tests ended so.
    pub fn state_of(tests: &[TestVerdict]) -> State {
        let any = |outcome| tests.iter().any(|test| test.outcome == outcome);
        if tests.iter().all(|test| test.outcome.passed()) {
            State::Solved
        } else if any(Outcome::Hangs) {
            State::Hangs
        } else if tests.iter().all(|test| test.outcome == Outcome::NotStarted) {
            State::NotStarted
        } else {
            State::Failing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Said;

    #[test]
    fn a_report_is_parted_from_what_is_printed_around_it() {
        let said =
            Said::parted("mine\n\u{1e}No.\n\u{1d}0 ms\n\u{1d}<svg></svg>\n\u{1d}mine, too\n");
        let expected = Said {
            before: "mine\n",
            sentences: "No.\n",
            chart: "0 ms\n",
            svg: Some("<svg></svg>\n"),
            after: "mine, too\n",
            whole: true,
        };
        assert_eq!(said, expected);
        assert_eq!(said.report(), "No.\n\n0 ms");
    }

    #[test]
    fn of_several_reports_the_last_one_is_the_real_one() {
        let said =
            Said::parted("\u{1e}Well.\u{1d}\u{1d}<svg></svg>\u{1d}\u{1e}No.\u{1d}\u{1d}\u{1d}");
        assert_eq!((said.sentences, said.svg), ("No.", None));
        assert_eq!(said.before, "\u{1e}Well.\u{1d}\u{1d}<svg></svg>\u{1d}");
    }

    #[test]
    fn a_report_without_a_timeline_has_no_picture() {
        let said = Said::parted("\u{1e}Not started.\n\u{1d}\u{1d}\u{1d}");
        assert_eq!(
            (said.sentences, said.chart, said.svg),
            ("Not started.\n", "", None)
        );
        assert_eq!(said.report(), "Not started.");
    }

    #[test]
    fn a_panic_is_all_report() {
        let said = Said::parted("thread panicked");
        assert_eq!(
            (said.before, said.sentences, said.after),
            ("", "thread panicked", "")
        );
    }

    #[test]
    fn a_report_that_was_cut_short_has_no_half_picture() {
        for cut in [
            "\u{1e}No.\n",
            "\u{1e}No.\n\u{1d}0 ms\n",
            "\u{1e}No.\n\u{1d}\u{1d}<svg>",
        ] {
            let said = Said::parted(cut);
            assert_eq!((said.sentences, said.chart, said.svg), ("No.\n", "", None));
            assert!(!said.whole);
        }
    }
}

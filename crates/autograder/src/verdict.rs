//! Typed verdicts, for a terminal, a page or a class.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;

/// The environment variables of a process that runs one test. The default of `GRADING_POLL_LIMIT` allows for a
/// process with many tests on a busy machine; one test needs less.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("RUST_BACKTRACE", "0"),
    ("GRADING_ONE_TEST", "1"),
    ("GRADING_POLL_LIMIT", "2"),
];

/// What a test printed to standard error, split into parts. `grading` marks the start of its report and
/// the end of each part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TestOutput<'a> {
    /// What the answer itself printed before the report.
    pub before: &'a str,
    /// What was seen, what that usually means, and where to read on. For a panic without a report, this is
    /// everything that was printed.
    pub sentences: &'a str,
    /// The timeline for a terminal, or nothing.
    pub timeline_text: &'a str,
    /// The record of the timeline, or nothing.
    pub timeline_record: &'a str,
    /// What was printed after the report, by a thread of the answer or while the process exited.
    pub after: &'a str,
    /// Whether there is a report, and it is complete.
    pub is_complete: bool,
    /// Whether the report depends on how much real time something took.
    pub in_real_time: bool,
    /// Whether the report depends on how threads were scheduled. The next run may say something else.
    pub depends_on_threads: bool,
}

impl<'a> TestOutput<'a> {
    /// Splits what was printed. An answer may print the marks as well, so the last report counts.
    pub fn parse(stderr: &'a str) -> Self {
        let Some((before, report)) = stderr.rsplit_once('\u{1e}') else {
            return Self {
                sentences: stderr,
                ..Self::default()
            };
        };
        let mut parts = report.splitn(5, '\u{1d}');
        let sentences = parts.next().unwrap_or_default();
        let (Some(timeline_text), Some(timeline_record), Some(depends_on), Some(after)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            // The process ended while the report was printed: only the sentences are complete.
            return Self {
                before,
                sentences,
                ..Self::default()
            };
        };
        Self {
            before,
            sentences,
            timeline_text,
            timeline_record,
            after,
            is_complete: true,
            in_real_time: depends_on.contains("real time"),
            depends_on_threads: depends_on.contains("threads"),
        }
    }

    /// The report as a terminal shows it: the sentences, and the timeline below them.
    pub fn report(&self) -> String {
        with_timeline(self.sentences, self.timeline_text)
    }
}

/// A report and the timeline below it, as a terminal shows them.
fn with_timeline(report: &str, timeline_text: &str) -> String {
    match (report.trim_end(), timeline_text.trim_end()) {
        (report, "") => report.to_owned(),
        (report, timeline_text) => format!("{report}\n\n{timeline_text}"),
    }
}

/// The verdict on a chapter's answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChapterVerdict {
    /// The chapter's slug: `event-loop`.
    pub chapter: String,
    /// One for each exercise that was graded, in the order of the manifest.
    pub exercises: Vec<ExerciseVerdict>,
    /// The compiler's errors in their order, if the chapter does not compile.
    pub errors: Vec<Diagnostic>,
    /// The compiler's warnings about the answers, without those about style.
    pub warnings: Vec<Diagnostic>,
    /// The grader's files that differ from the workbook's originals, relative to the root. Empty if an exercise has no
    /// tests any more, because the workbook has changed since the tool was started.
    pub changed: Vec<String>,
}

/// The verdict on one exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExerciseVerdict {
    /// The exercise's name: `fetch_all`.
    pub exercise: String,
    /// Its state.
    pub state: State,
    /// One for each test of the exercise, in the order of the grader. Empty if nothing could be run.
    pub tests: Vec<TestVerdict>,
    /// The known wrong answer that fails the same tests with the same reports and has similar code. More than one only if
    /// their code is the same.
    pub misconceptions: Vec<Misconception>,
}

/// The state of an exercise.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Every test passed.
    Solved,
    /// Its `todo!()` is still there.
    NotStarted,
    /// At least one test did not pass.
    Failing,
    /// At least one test does not end.
    Hangs,
    /// The chapter's file does not compile.
    DoesNotCompile,
    /// The chapter's grader is not the original one, so its tests prove nothing.
    GraderChanged,
}

/// The verdict of one test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TestVerdict {
    /// Its name in the grader: `fetch_all::downloads_overlap`.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Its report: what was seen, what that usually means, and where to read on. Empty if it passed.
    pub report: String,
    /// The timeline of what the futures did, in text. Empty if there is none.
    pub timeline_text: String,
    /// The same timeline as SVG.
    pub timeline_svg: Option<String>,
    /// What the answer itself printed.
    pub output: String,
    /// Whether the verdict depends on how much real time something took. Such a verdict is not cached: on a machine
    /// that is less busy, the same answer may pass.
    pub in_real_time: bool,
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Outcome {
    /// The test returned.
    Passed,
    /// It reached a `todo!()`.
    NotStarted,
    /// A check failed, or the answer panicked.
    Failed,
    /// It waited or looped forever.
    Hangs,
    /// The answer ended the process, with this code, before the test was over.
    Exited {
        /// The exit code.
        code: i32,
    },
    /// The process was killed by this signal: an abort, a stack overflow, a panic during a panic.
    Crashed {
        /// The signal's number.
        signal: i32,
    },
    /// It exceeded a limit.
    LimitExceeded {
        /// Which one.
        limit: Limit,
    },
    /// The test returned, but processes that the answer started were still running.
    LeftProcesses {
        /// How many.
        count: usize,
    },
    /// The answer killed the process that supervises the test.
    KilledItsSupervisor,
    /// It was not run, because another test of the same exercise hangs.
    NotRun,
}

/// A limit that a test may exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Memory.
    Memory,
    /// What is printed.
    Output,
    /// Processes at the same time.
    Processes,
    /// What is in files.
    Files,
}

/// A known mistake of a wrong answer that fails in the same way and has similar code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Misconception {
    /// What the wrong answer does, in a sentence: `Awaits one page after the other.`
    pub description: String,
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
    /// The report as a terminal shows it, with the timeline below it.
    pub fn report_and_timeline(&self) -> String {
        with_timeline(&self.report, &self.timeline_text)
    }
}

impl ExerciseVerdict {
    /// Whether the verdict on any of its tests depends on how much real time something took.
    pub fn in_real_time(&self) -> bool {
        self.tests.iter().any(|test| test.in_real_time)
    }

    /// How many tests did not pass.
    pub fn failed(&self) -> usize {
        self.tests
            .iter()
            .filter(|test| !test.outcome.passed())
            .count()
    }

    /// The state of an exercise with these tests. Without tests, nothing is proved.
    pub fn state_of(tests: &[TestVerdict]) -> State {
        let any = |outcome| tests.iter().any(|test| test.outcome == outcome);
        if tests.is_empty() {
            State::GraderChanged
        } else if tests.iter().all(|test| test.outcome.passed()) {
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
    use super::TestOutput;

    #[test]
    fn separates_a_report_from_other_output() {
        let output = TestOutput::parse(
            "mine\n\u{1e}No.\n\u{1d}0 ms\n\u{1d}timeline 0\n\u{1d}\u{1d}mine, too\n",
        );
        let expected = TestOutput {
            before: "mine\n",
            sentences: "No.\n",
            timeline_text: "0 ms\n",
            timeline_record: "timeline 0\n",
            after: "mine, too\n",
            is_complete: true,
            in_real_time: false,
            depends_on_threads: false,
        };
        assert_eq!(output, expected);
        assert_eq!(output.report(), "No.\n\n0 ms");
    }

    #[test]
    fn the_last_of_several_reports_counts() {
        let output = TestOutput::parse(
            "\u{1e}Well.\u{1d}\u{1d}timeline 0\u{1d}\u{1d}\u{1e}No.\u{1d}\u{1d}\u{1d}\u{1d}",
        );
        assert_eq!((output.sentences, output.timeline_record), ("No.", ""));
        assert_eq!(
            output.before,
            "\u{1e}Well.\u{1d}\u{1d}timeline 0\u{1d}\u{1d}"
        );
    }

    #[test]
    fn a_report_says_whether_it_depends_on_real_time() {
        let output = TestOutput::parse("\u{1e}Hangs: no.\n\u{1d}\u{1d}\u{1d}real time\u{1d}after");
        assert!(output.in_real_time && output.is_complete && !output.depends_on_threads);
        assert_eq!((output.sentences, output.after), ("Hangs: no.\n", "after"));
    }

    #[test]
    fn a_report_says_whether_it_depends_on_threads() {
        let output = TestOutput::parse("\u{1e}No.\n\u{1d}\u{1d}\u{1d}threads\u{1d}");
        assert!(output.depends_on_threads && !output.in_real_time);
        let output = TestOutput::parse("\u{1e}No.\n\u{1d}\u{1d}\u{1d}real time threads\u{1d}");
        assert!(output.depends_on_threads && output.in_real_time);
    }

    #[test]
    fn a_report_without_a_timeline_has_no_record() {
        let output = TestOutput::parse("\u{1e}Not started.\n\u{1d}\u{1d}\u{1d}\u{1d}");
        assert_eq!(
            (
                output.sentences,
                output.timeline_text,
                output.timeline_record
            ),
            ("Not started.\n", "", "")
        );
        assert_eq!(output.report(), "Not started.");
    }

    #[test]
    fn a_panic_without_a_report_is_the_report() {
        let output = TestOutput::parse("thread panicked");
        assert_eq!(
            (output.before, output.sentences, output.after),
            ("", "thread panicked", "")
        );
    }

    #[test]
    fn an_incomplete_report_has_no_timeline() {
        for cut in [
            "\u{1e}No.\n",
            "\u{1e}No.\n\u{1d}0 ms\n",
            "\u{1e}No.\n\u{1d}\u{1d}timeline 0",
            "\u{1e}No.\n\u{1d}\u{1d}timeline 0\u{1d}",
        ] {
            let output = TestOutput::parse(cut);
            assert_eq!(
                (
                    output.sentences,
                    output.timeline_text,
                    output.timeline_record
                ),
                ("No.\n", "", "")
            );
            assert!(!output.is_complete);
        }
    }
}

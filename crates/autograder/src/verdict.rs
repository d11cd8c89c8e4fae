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

/// What a test printed on standard error: what the answer itself printed there, and the report of
/// `grading`. A panic without a report is all report.
pub fn parted(stderr: &str) -> (&str, &str) {
    stderr.rsplit_once('\u{1e}').unwrap_or(("", stderr))
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
    /// What the answer itself printed on standard output.
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

//! What `--json` prints, for programs. `cargo workbook schema` describes it, and
//! `crates/workbook/schema.json` is its output.

use std::io::Write;

use anyhow::Result;
use autograder::diagnostic::Diagnostic;
use autograder::verdict::ChapterVerdict;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

/// One JSON value on standard output: what a command found. `command` says which.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum Output {
    /// `cargo workbook check --json`
    Check(Checked),
    /// `cargo workbook list --json`
    List(Listed),
    /// `cargo workbook hint --json`
    Hint(Hinted),
    /// `cargo workbook run --json`
    Run(Ran),
    /// `cargo workbook doctor --json`
    Doctor(Examined),
}

/// The verdicts.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Checked {
    /// Whether every exercise that was asked for is solved.
    pub solved: bool,
    /// The chapters that were asked for.
    pub chapters: Vec<ChapterVerdict>,
}

/// All exercises, and how far the learner is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listed {
    /// The exercise that the learner is at: `gather/fetch_all`.
    pub current: Option<String>,
    /// The chapters, in the order of the book.
    pub chapters: Vec<ListedChapter>,
}

/// A chapter.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListedChapter {
    /// Its slug: `event-loop`.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its exercises, in order.
    pub exercises: Vec<ListedExercise>,
}

/// An exercise, and what the learner did with it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListedExercise {
    /// The name to type: `gather/fetch_all`.
    pub name: String,
    /// What it does, in a phrase.
    pub title: String,
    /// How many minutes it is meant to take.
    pub minutes: u32,
    /// What it teaches.
    pub teaches: String,
    /// The file to edit, relative to the root.
    pub file: String,
    /// When it was solved first, in seconds since 1970.
    pub solved: Option<u64>,
    /// How many seconds were spent on it.
    pub seconds: u64,
    /// How many of its hints were shown.
    pub hints: usize,
    /// How many hints it has.
    pub all_hints: usize,
    /// Whether the solution was shown.
    pub solution_shown: bool,
}

/// The hints that have been shown, one more than the last time.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Hinted {
    /// The exercise: `gather/fetch_all`.
    pub exercise: String,
    /// The hints, in Markdown, from a nudge on. The last one is the new one.
    pub hints: Vec<String>,
    /// How many there are in all.
    pub all: usize,
}

/// What a program did.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Ran {
    /// Whether it compiled and ended with exit code 0.
    pub succeeded: bool,
    /// Why it does not compile, the first error first.
    pub errors: Vec<Diagnostic>,
    /// What the compiler warns of.
    pub warnings: Vec<Diagnostic>,
    /// How it ended if not well, in a sentence.
    pub ended: Option<String>,
    /// What it printed on standard output. Bytes that are no UTF-8 are replaced.
    pub stdout: String,
    /// What it printed on standard error. Bytes that are no UTF-8 are replaced.
    pub stderr: String,
    /// The timelines that it recorded.
    pub timelines: Vec<Timeline>,
}

/// A timeline that a program recorded of itself.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Timeline {
    /// Its name.
    pub name: String,
    /// The picture as SVG.
    pub svg: String,
    /// The picture in text.
    pub text: String,
}

/// What the machine has and lacks.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Examined {
    /// Whether all that is needed is there.
    pub ready: bool,
    /// What was looked at.
    pub findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Finding {
    /// What: `cargo`.
    pub what: String,
    /// Whether it is well.
    pub well: bool,
    /// Whether the workbook can do without it.
    pub needed: bool,
    /// What was found: `cargo 1.95.0`.
    pub found: String,
    /// What to do about it; empty if nothing.
    pub advice: String,
}

/// Prints a value on standard output.
///
/// # Errors
///
/// If nobody reads it.
pub fn print(output: &Output) -> Result<()> {
    write(&serde_json::to_string_pretty(output)?)
}

/// The schema of [`Output`].
pub fn schema() -> Schema {
    schema_for!(Output)
}

/// Prints the schema on standard output.
///
/// # Errors
///
/// If nobody reads it.
pub fn print_schema() -> Result<()> {
    write(&serde_json::to_string_pretty(&schema())?)
}

fn write(json: &str) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{json}")?;
    Ok(())
}

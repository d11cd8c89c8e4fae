//! What `--json` prints, for programs to read. `cargo workbook schema` prints its JSON Schema, which is also in
//! `crates/workbook/schema.json`.

use anyhow::Result;
use autograder::diagnostic::Diagnostic;
use autograder::verdict::ChapterVerdict;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

use crate::terminal;

/// The output of a command; `command` says which one.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum Output {
    /// `cargo workbook check --json`
    Check(CheckOutput),
    /// `cargo workbook list --json`
    List(ListOutput),
    /// `cargo workbook hint --json`
    Hint(HintOutput),
    /// `cargo workbook run --json`
    Run(RunOutput),
    /// `cargo workbook doctor --json`
    Doctor(DoctorOutput),
}

/// The verdicts.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CheckOutput {
    /// Whether every exercise that was asked for is solved.
    pub solved: bool,
    /// Whether all that was asked for has been graded. If not, it was interrupted or an error ended it, and these are the
    /// chapters before that.
    pub complete: bool,
    /// The chapters that were asked for.
    pub chapters: Vec<ChapterVerdict>,
}

/// All exercises, with the learner's progress.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListOutput {
    /// The exercise to continue with: `gather/fetch_all`. None if all are solved.
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

/// An exercise, with the learner's progress.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListedExercise {
    /// The name to type: `gather/fetch_all`.
    pub name: String,
    /// What it does, in a phrase.
    pub title: String,
    /// The planned time in minutes.
    pub minutes: u32,
    /// What it teaches.
    pub teaches: String,
    /// The file to edit, relative to the root.
    pub file: String,
    /// When it was solved for the first time, in seconds since 1970.
    pub solved: Option<u64>,
    /// How many seconds were spent on it.
    pub seconds: u64,
    /// How many of its hints have been shown.
    pub hints_shown: usize,
    /// How many hints it has.
    pub hint_count: usize,
    /// Whether the solution has been shown.
    pub solution_shown: bool,
}

/// The hints that have been shown, one more than the last time.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HintOutput {
    /// The exercise: `gather/fetch_all`.
    pub exercise: String,
    /// The hints in Markdown, in order. The last one is new.
    pub hints: Vec<String>,
    /// How many hints the exercise has.
    pub hint_count: usize,
}

/// The result of a program.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RunOutput {
    /// Whether it compiled and ended with exit code 0.
    pub success: bool,
    /// The compiler's errors in their order, if it does not compile.
    pub errors: Vec<Diagnostic>,
    /// The compiler's warnings.
    pub warnings: Vec<Diagnostic>,
    /// If it did not end with exit code 0, a sentence that says how it ended.
    pub message: Option<String>,
    /// What it printed to standard output. Bytes that are not UTF-8 are replaced.
    pub stdout: String,
    /// What it printed to standard error. Bytes that are not UTF-8 are replaced.
    pub stderr: String,
    /// The timelines that it recorded.
    pub timelines: Vec<Timeline>,
}

/// A timeline that a program recorded of itself.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Timeline {
    /// Its name.
    pub name: String,
    /// The drawing as SVG.
    pub svg: String,
    /// The drawing as text.
    pub text: String,
}

/// Whether the machine meets the requirements.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DoctorOutput {
    /// Whether all requirements are met.
    pub ready: bool,
    /// The requirements that were checked.
    pub findings: Vec<Finding>,
}

/// A requirement that was checked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Finding {
    /// Its name: `cargo`.
    pub name: String,
    /// Whether it is met.
    pub ok: bool,
    /// Whether the workbook does not work without it.
    pub required: bool,
    /// What was found: `cargo 1.95.0`.
    pub found: String,
    /// What to do about it; empty if nothing.
    pub advice: String,
}

/// Prints a value on standard output.
///
/// # Errors
///
/// If the output cannot be written.
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
/// If the output cannot be written.
pub fn print_schema() -> Result<()> {
    write(&serde_json::to_string_pretty(&schema())?)
}

fn write(json: &str) -> Result<()> {
    terminal::write(&mut std::io::stdout().lock(), &format!("{json}\n"))
}

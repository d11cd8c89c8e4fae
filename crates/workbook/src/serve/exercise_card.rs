//! The JSON that the page shows as an exercise's card.

use autograder::diagnostic::Diagnostic;
use autograder::verdict::{ChapterVerdict, ExerciseVerdict, Outcome, State, TestVerdict};
use serde::Serialize;

use crate::compile_errors::CompileErrors;
use crate::contract::{Contract, to_html};
use crate::names::ExerciseRef;
use crate::progress::Record;
use crate::terminal::describe;

/// An exercise as the page shows it.
#[derive(Debug, Serialize)]
pub struct ExerciseCard {
    /// The name to type: `gather/fetch_all`.
    name: String,
    chapter: String,
    exercise: String,
    title: String,
    minutes: u32,
    /// What it teaches, as HTML.
    teaches_html: String,
    /// The file to edit, relative to the root.
    file: String,
    /// The page of the book that describes it.
    page: String,
    /// The doc comment of the stub, as HTML.
    contract_html: String,
    /// The stub without its doc comment.
    signature: String,
    /// Its state; `None` before it is graded, and while it cannot be graded.
    state: Option<State>,
    /// The state in a few words.
    text: String,
    tests: Vec<Test>,
    /// Known mistakes that behave the same, in a sentence each.
    misconceptions: Vec<String>,
    errors: Vec<Diagnostic>,
    /// Another exercise in the same file that does not compile, if this one has no error itself.
    blocked_by: Option<String>,
    warnings: Vec<Diagnostic>,
    /// The grader's files that differ from the originals.
    changed: Vec<String>,
    /// The hints that have been shown, as HTML.
    hints_html: Vec<String>,
    /// How many hints it has.
    hint_count: usize,
    /// How many seconds were spent on it.
    seconds: u64,
    /// When it was solved first, in seconds since 1970.
    solved: Option<u64>,
    /// Whether the solution was shown before it was solved.
    solution_shown: bool,
    /// Whether there is a reset to undo.
    can_undo: bool,
}

/// The result of one test.
#[derive(Debug, Serialize)]
struct Test {
    name: String,
    outcome: String,
    text: &'static str,
    report: String,
    timeline_text: String,
    timeline_svg: Option<String>,
    output: String,
}

/// The verdict on an exercise, and those parts of its chapter's verdict that concern it.
#[derive(Debug, Clone)]
pub struct CardVerdict {
    exercise: ExerciseVerdict,
    errors: Vec<Diagnostic>,
    blocked_by: Option<String>,
    warnings: Vec<Diagnostic>,
    changed: Vec<String>,
}

impl CardVerdict {
    /// The verdicts on a chapter's exercises, with the names of the exercises. An error in one exercise is not
    /// shown at the others.
    pub fn all(
        verdict: &ChapterVerdict,
        errors: &CompileErrors,
    ) -> impl Iterator<Item = (String, Self)> {
        verdict.exercises.iter().map(move |exercise| {
            let blocked_by = errors.blocking(&exercise.exercise).map(str::to_owned);
            let card = Self {
                exercise: exercise.clone(),
                errors: if blocked_by.is_some() {
                    Vec::new()
                } else {
                    verdict.errors.clone()
                },
                blocked_by,
                warnings: verdict.warnings.clone(),
                changed: verdict.changed.clone(),
            };
            (format!("{}/{}", verdict.chapter, exercise.exercise), card)
        })
    }

    /// The exercise's state, if it is known.
    pub fn state(&self) -> Option<State> {
        self.blocked_by.is_none().then_some(self.exercise.state)
    }

    fn text(&self) -> String {
        describe::state(&self.exercise, self.blocked_by.as_deref())
    }
}

impl ExerciseCard {
    /// The card of an exercise.
    pub fn new(
        exercise_ref: &ExerciseRef<'_>,
        contract: &Contract,
        record: &Record,
        verdict: Option<&CardVerdict>,
        can_undo: bool,
    ) -> Self {
        let exercise = exercise_ref.exercise;
        let hints = &exercise.hints;
        Self {
            name: exercise_ref.name(),
            chapter: exercise_ref.chapter.slug().to_owned(),
            exercise: exercise.name().to_owned(),
            title: exercise.title.clone(),
            minutes: exercise.minutes,
            teaches_html: to_html(&exercise.teaches),
            file: exercise_ref.file(),
            page: exercise_ref.page(),
            contract_html: contract.html.clone(),
            signature: contract.signature.clone(),
            state: verdict.and_then(CardVerdict::state),
            text: verdict.map_or_else(|| "not graded yet".to_owned(), CardVerdict::text),
            tests: verdict.map_or_else(Vec::new, |verdict| {
                verdict.exercise.tests.iter().map(test).collect()
            }),
            misconceptions: verdict.map_or_else(Vec::new, |verdict| {
                let known = verdict.exercise.misconceptions.iter();
                known.map(|known| known.description.clone()).collect()
            }),
            errors: verdict.map_or_else(Vec::new, |verdict| verdict.errors.clone()),
            blocked_by: verdict.and_then(|verdict| verdict.blocked_by.clone()),
            warnings: verdict.map_or_else(Vec::new, |verdict| verdict.warnings.clone()),
            changed: verdict.map_or_else(Vec::new, |verdict| verdict.changed.clone()),
            hints_html: hints
                .iter()
                .take(record.hints)
                .map(|hint| to_html(hint))
                .collect(),
            hint_count: hints.len(),
            seconds: record.seconds,
            solved: record.solved,
            solution_shown: record
                .solution
                .is_some_and(|shown| record.solved.is_none_or(|solved| shown < solved)),
            can_undo,
        }
    }
}

fn test(verdict: &TestVerdict) -> Test {
    let name = verdict.name.split_once("::");
    Test {
        name: name.map_or(&*verdict.name, |(_, name)| name).to_owned(),
        outcome: outcome_kind(verdict.outcome),
        text: describe::outcome(verdict.outcome),
        report: verdict.report.clone(),
        timeline_text: verdict.timeline_text.clone(),
        timeline_svg: verdict.timeline_svg.clone(),
        output: verdict.output.clone(),
    }
}

/// The name of an outcome in JSON.
fn outcome_kind(outcome: Outcome) -> String {
    let json = serde_json::to_value(outcome).unwrap_or_default();
    json["kind"].as_str().unwrap_or_default().to_owned()
}

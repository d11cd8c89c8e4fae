//! An exercise as the page shows it.

use autograder::diagnostic::Diagnostic;
use autograder::verdict::{ChapterVerdict, ExerciseVerdict, Outcome, State, TestVerdict};
use pulldown_cmark::{Parser, html};
use serde::Serialize;

use crate::answers;
use crate::culprits::Culprits;
use crate::names::Place;
use crate::progress::Record;
use crate::terminal::words;

/// What the page knows of an exercise.
#[derive(Debug, Serialize)]
pub struct Card {
    /// The name to type: `gather/fetch_all`.
    name: String,
    chapter: String,
    exercise: String,
    title: String,
    minutes: u32,
    /// What it teaches, as HTML.
    teaches: String,
    /// The file to edit, relative to the root.
    file: String,
    /// Where the book speaks of it.
    page: String,
    /// The comment above the stub, as HTML.
    contract: String,
    /// The stub without its comment.
    signature: String,
    /// Where it stands; `None` before it was graded, and while it cannot be.
    state: Option<State>,
    /// The same in words.
    words: String,
    tests: Vec<Test>,
    /// What known mistakes that look the same do, in a sentence each.
    misconceptions: Vec<String>,
    errors: Vec<Diagnostic>,
    /// The exercise of the same file that does not compile, while this one has no mistake.
    blocked_by: Option<String>,
    warnings: Vec<Diagnostic>,
    /// The grader's files that are not the workbook's own any more.
    changed: Vec<String>,
    /// The hints that were shown, as HTML.
    hints: Vec<String>,
    all_hints: usize,
    /// How many seconds were spent on it.
    seconds: u64,
    /// When it was solved first, in seconds since 1970.
    solved: Option<u64>,
    /// Whether the solution was shown before it was solved.
    solution_shown: bool,
    /// Whether there is a reset to take back.
    can_undo: bool,
}

/// What one test did.
#[derive(Debug, Serialize)]
struct Test {
    name: String,
    outcome: String,
    words: &'static str,
    report: String,
    chart: String,
    svg: Option<String>,
    printed: String,
}

/// The verdict on an exercise, and what of its chapter's belongs to it.
#[derive(Debug, Clone)]
pub struct Graded {
    exercise: ExerciseVerdict,
    errors: Vec<Diagnostic>,
    blocked_by: Option<String>,
    warnings: Vec<Diagnostic>,
    changed: Vec<String>,
}

impl Graded {
    /// The verdicts of a chapter one by one, with the names of their exercises: an error that stands in one
    /// exercise is no mistake of the others.
    pub fn of(
        verdict: &ChapterVerdict,
        culprits: &Culprits,
    ) -> impl Iterator<Item = (String, Self)> {
        verdict.exercises.iter().map(move |exercise| {
            let blocked_by = culprits.block(&exercise.exercise).map(str::to_owned);
            let graded = Self {
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
            (format!("{}/{}", verdict.chapter, exercise.exercise), graded)
        })
    }

    /// Where the exercise stands, if that is known.
    pub fn state(&self) -> Option<State> {
        self.blocked_by.is_none().then_some(self.exercise.state)
    }

    fn words(&self) -> String {
        words::state(&self.exercise, self.blocked_by.as_deref())
    }
}

/// What the book itself says of an exercise.
#[derive(Debug)]
pub struct About {
    contract: String,
    signature: String,
}

impl About {
    /// Of an exercise in the text that its chapter's file starts from.
    pub fn of(place: &Place<'_>, stub: &str) -> Self {
        let item = answers::items_of(stub, place.exercise.name()).unwrap_or_default();
        let (contract, signature) = parted(&item);
        Self {
            contract: to_html(&contract),
            signature,
        }
    }
}

impl Card {
    /// The card of an exercise.
    pub fn new(
        place: &Place<'_>,
        about: &About,
        record: &Record,
        graded: Option<&Graded>,
        can_undo: bool,
    ) -> Self {
        let exercise = place.exercise;
        let hints = &exercise.hints;
        Self {
            name: place.name(),
            chapter: place.chapter.slug().to_owned(),
            exercise: exercise.name().to_owned(),
            title: exercise.title.clone(),
            minutes: exercise.minutes,
            teaches: to_html(&exercise.teaches),
            file: place.file(),
            page: place.page(),
            contract: about.contract.clone(),
            signature: about.signature.clone(),
            state: graded.and_then(Graded::state),
            words: graded.map_or_else(|| "not graded yet".to_owned(), Graded::words),
            tests: graded.map_or_else(Vec::new, |graded| {
                graded.exercise.tests.iter().map(test).collect()
            }),
            misconceptions: graded.map_or_else(Vec::new, |graded| {
                let known = graded.exercise.misconceptions.iter();
                known.map(|known| known.says.clone()).collect()
            }),
            errors: graded.map_or_else(Vec::new, |graded| graded.errors.clone()),
            blocked_by: graded.and_then(|graded| graded.blocked_by.clone()),
            warnings: graded.map_or_else(Vec::new, |graded| graded.warnings.clone()),
            changed: graded.map_or_else(Vec::new, |graded| graded.changed.clone()),
            hints: hints
                .iter()
                .take(record.hints)
                .map(|hint| to_html(hint))
                .collect(),
            all_hints: hints.len(),
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
        outcome: kind(verdict.outcome),
        words: words::outcome(verdict.outcome),
        report: verdict.report.clone(),
        chart: verdict.chart.clone(),
        svg: verdict.svg.clone(),
        printed: verdict.printed.clone(),
    }
}

/// The outcome as JSON calls it.
fn kind(outcome: Outcome) -> String {
    let json = serde_json::to_value(outcome).unwrap_or_default();
    json["kind"].as_str().unwrap_or_default().to_owned()
}

/// The comment above an item, and the item.
fn parted(item: &str) -> (String, String) {
    let (mut comment, mut code) = (String::new(), String::new());
    for line in item.lines() {
        match line.trim_start().strip_prefix("///") {
            // A comment further down belongs to a field.
            Some(words) if code.is_empty() => {
                comment += words.strip_prefix(' ').unwrap_or(words);
                comment.push('\n');
            }
            _ => {
                code += line;
                code.push('\n');
            }
        }
    }
    (comment, code)
}

/// Markdown of our own as HTML. Links into the crate's documentation lead nowhere on a page, and are shown
/// as the code that they name.
fn to_html(markdown: &str) -> String {
    let markdown = markdown.replace("[`", "`").replace("`]", "`");
    let mut page = String::new();
    html::push_html(&mut page, Parser::new(&markdown));
    page
}

#[cfg(test)]
mod tests {
    use super::{parted, to_html};

    #[test]
    fn the_comment_of_an_item_is_its_contract() {
        let (comment, code) =
            parted("/// Adds [`One`].\n///\n/// Twice.\nstruct A {\n    /// b\n    b: u8,\n}");
        assert_eq!(comment, "Adds [`One`].\n\nTwice.\n");
        assert_eq!(code, "struct A {\n    /// b\n    b: u8,\n}\n");
        let html = "<p>Adds <code>One</code>.</p>\n<p>Twice.</p>\n";
        assert_eq!(to_html(&comment), html);
    }
}

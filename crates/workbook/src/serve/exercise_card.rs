//! The JSON that the page shows as an exercise's card.

use autograder::diagnostic::Diagnostic;
use autograder::verdict::{ChapterVerdict, ExerciseVerdict, Outcome, State, TestVerdict};
use pulldown_cmark::{Event, Parser, Tag, TagEnd, html};
use serde::Serialize;

use crate::answers;
use crate::compile_errors::CompileErrors;
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

/// The part of a card that never changes.
#[derive(Debug)]
pub struct Description {
    contract_html: String,
    signature: String,
}

impl Description {
    /// The description of an exercise from `stub`, the text that its chapter's file starts from.
    pub fn new(exercise: &ExerciseRef<'_>, stub: &str) -> Self {
        let item = answers::items_of(stub, exercise.exercise.name()).unwrap_or_default();
        let (contract, signature) = split_doc_comment(&item);
        Self {
            contract_html: to_html(&contract),
            signature,
        }
    }
}

impl ExerciseCard {
    /// The card of an exercise.
    pub fn new(
        exercise_ref: &ExerciseRef<'_>,
        description: &Description,
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
            contract_html: description.contract_html.clone(),
            signature: description.signature.clone(),
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

/// Splits an item into its doc comment and its code.
fn split_doc_comment(item: &str) -> (String, String) {
    let (mut comment, mut code) = (String::new(), String::new());
    for line in item.lines() {
        match line.trim_start().strip_prefix("///") {
            // A comment after the first line of code belongs to a field.
            Some(text) if code.is_empty() => {
                comment += text.strip_prefix(' ').unwrap_or(text);
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

/// Renders the workbook's own Markdown as HTML. Links to the crate's documentation do not work on a page, and are
/// shown as code. A heading such as `# Errors` becomes a line in bold, because its level would not fit the page.
fn to_html(markdown: &str) -> String {
    let markdown = markdown.replace("[`", "`").replace("`]", "`");
    let mut page = String::new();
    let events = Parser::new(&markdown).flat_map(|event| match event {
        Event::Start(Tag::Heading { .. }) => {
            vec![Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)]
        }
        Event::End(TagEnd::Heading(_)) => {
            vec![Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)]
        }
        event => vec![event],
    });
    html::push_html(&mut page, events);
    page
}

#[cfg(test)]
mod tests {
    use super::{split_doc_comment, to_html};

    #[test]
    fn the_doc_comment_of_an_item_is_its_contract() {
        let (comment, code) = split_doc_comment(
            "/// Adds [`One`].\n///\n/// Twice.\nstruct A {\n    /// b\n    b: u8,\n}",
        );
        assert_eq!(comment, "Adds [`One`].\n\nTwice.\n");
        assert_eq!(code, "struct A {\n    /// b\n    b: u8,\n}\n");
        let html = "<p>Adds <code>One</code>.</p>\n<p>Twice.</p>\n";
        assert_eq!(to_html(&comment), html);
    }

    #[test]
    fn a_heading_in_a_contract_is_not_a_heading_of_the_page() {
        let html = "<p><strong>Errors</strong></p>\n<p>If it is late.</p>\n";
        assert_eq!(to_html("# Errors\n\nIf it is late.\n"), html);
    }
}

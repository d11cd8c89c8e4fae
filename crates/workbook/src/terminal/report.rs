//! The report on an exercise: the first failure in full.

use std::fmt::Write;

use autograder::diagnostic::Diagnostic;
use autograder::verdict::{ChapterVerdict, ExerciseVerdict, Outcome, State, TestVerdict};

use super::diagnostics::first_error;
use super::style::{self, bold, dim, error, success};
use super::{command_list, describe, paragraph, wrapped};
use crate::compile_errors::CompileErrors;
use crate::names::ExerciseRef;

/// How many lines of an answer's output are shown. More would push the report off the screen.
const MAX_PRINTED: usize = 10;

/// How detailed a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The first report, and the names of the other failing tests.
    First,
    /// The outcome of every test, and the first report.
    Tests,
    /// The outcome of every test, and every report.
    All,
}

/// The title of a chapter, and a line for each of its exercises.
pub fn lines(title: &str, verdict: &ChapterVerdict, errors: &CompileErrors) -> String {
    let mut text = bold(title) + "\n";
    let names = verdict
        .exercises
        .iter()
        .map(|exercise| exercise.exercise.len());
    let width = names.max().unwrap_or(0);
    for exercise in &verdict.exercises {
        let blocked_by = errors.blocking(&exercise.exercise);
        // The state of a blocked exercise is not known.
        let state = match blocked_by {
            Some(_) => State::NotStarted,
            None => exercise.state,
        };
        let mark = style::mark(state);
        let state = coloured(state, &describe::state(exercise, blocked_by));
        let _ = writeln!(text, "  {mark} {:width$}  {state}", exercise.exercise);
    }
    text
}

/// The report on one exercise.
pub fn of_exercise(
    exercise: &ExerciseRef<'_>,
    chapter: &ChapterVerdict,
    verdict: &ExerciseVerdict,
    detail: Detail,
) -> String {
    let mut text = String::new();
    if detail != Detail::First && !verdict.tests.is_empty() {
        text += &tests(verdict);
        text.push('\n');
    }
    match verdict.state {
        State::Solved => {}
        State::NotStarted => text += &not_started(exercise, verdict),
        State::DoesNotCompile => {
            if let Some(error) = first_error(&chapter.errors) {
                text += &(error + "\n\n");
            }
        }
        State::GraderChanged => text += &changed(chapter),
        State::Failing | State::Hangs => text += &failures(verdict, detail),
    }
    if matches!(verdict.state, State::Solved | State::Failing | State::Hangs)
        && let Some(warning) = first_warning(chapter)
    {
        let _ = writeln!(
            text,
            "The compiler warns:\n\n{}\n",
            warning.rendered.trim_end()
        );
    }
    text
}

/// The most important warning: a future that is never awaited explains why an answer does nothing.
fn first_warning(chapter: &ChapterVerdict) -> Option<&Diagnostic> {
    let unused = |warning: &&Diagnostic| warning.code.as_deref() == Some("unused_must_use");
    let mut warnings = chapter.warnings.iter();
    warnings.clone().find(unused).or_else(|| warnings.next())
}

/// What the learner can type next.
pub fn next_step(exercise: &ExerciseRef<'_>, state: State) -> String {
    let (file, name) = (exercise.file(), exercise.name());
    let (check, hint) = (format!("check {name}"), format!("hint {name}"));
    match state {
        State::GraderChanged => String::new(),
        State::Solved => command_list(&[
            (
                &format!("solution {name}"),
                "compare your answer with the solution",
            ),
            ("watch", "continue with the next exercise"),
        ]),
        State::NotStarted => command_list(&[(&check, "grade your answer"), (&hint, "show a hint")]),
        State::Failing | State::Hangs | State::DoesNotCompile => {
            let again = [
                (&*check, "grade your answer again"),
                (&*hint, "show a hint"),
            ];
            format!("Edit {file} and save it. Then:\n{}", command_list(&again))
        }
    }
}

fn tests(verdict: &ExerciseVerdict) -> String {
    let mut text = String::new();
    let names = verdict.tests.iter().map(|test| short(test).len());
    let width = names.max().unwrap_or(0);
    for test in &verdict.tests {
        let outcome = describe::outcome(test.outcome);
        let (mark, outcome) = match test.outcome {
            Outcome::Passed => (success("✓"), dim(outcome)),
            Outcome::NotStarted | Outcome::NotRun => (dim("·"), dim(outcome)),
            _ => (error("✗"), outcome.to_owned()),
        };
        let _ = writeln!(text, "    {mark} {:width$}  {outcome}", short(test));
    }
    text
}

fn failures(verdict: &ExerciseVerdict, detail: Detail) -> String {
    let failed: Vec<_> = verdict
        .tests
        .iter()
        .filter(|test| !test.outcome.passed())
        .collect();
    // The report of a test that was run comes first.
    let has_run =
        |test: &&TestVerdict| !matches!(test.outcome, Outcome::NotStarted | Outcome::NotRun);
    let first = failed.iter().position(has_run).unwrap_or(0);
    let mut text = String::new();
    for (index, test) in failed.iter().enumerate() {
        if index == first || detail == Detail::All {
            text += &report(test);
        }
    }
    text += &misconceptions(verdict);
    let others: Vec<_> = (0..failed.len())
        .filter(|index| *index != first)
        .map(|index| short(failed[index]))
        .collect();
    if detail == Detail::First && !others.is_empty() {
        let also = format!(
            "Also failing: {} (`cargo workbook check --all` shows every report).",
            others.join(", ")
        );
        let _ = writeln!(text, "{}\n", paragraph(&also));
    }
    text
}

fn report(test: &TestVerdict) -> String {
    let mut text = format!(
        "{}\n\n{}\n\n",
        error(&bold(&test.name)),
        test.report_and_timeline()
    );
    if !test.output.trim().is_empty() {
        let _ = writeln!(text, "Your answer printed:\n");
        let mut lines = test.output.trim_end().lines();
        for line in lines.by_ref().take(MAX_PRINTED) {
            let _ = writeln!(text, "  {line}");
        }
        if lines.next().is_some() {
            let _ = writeln!(text, "  ...");
        }
        text.push('\n');
    }
    text
}

fn misconceptions(verdict: &ExerciseVerdict) -> String {
    let descriptions: Vec<_> = verdict
        .misconceptions
        .iter()
        .map(|known| known.description.trim())
        .collect();
    match &*descriptions {
        [] => String::new(),
        [description] => {
            wrapped(&format!(
                "{} {description}",
                bold("A known wrong answer has similar code and fails in the same way:")
            )) + "\n\n"
        }
        several => {
            let mut text =
                bold("Known wrong answers have similar code and fail in the same way:") + "\n";
            for description in several {
                let options = textwrap::Options::new(super::WIDTH)
                    .initial_indent("- ")
                    .subsequent_indent("  ");
                let _ = writeln!(text, "{}", textwrap::fill(description, options));
            }
            text + "\n"
        }
    }
}

fn changed(chapter: &ChapterVerdict) -> String {
    if chapter.changed.is_empty() {
        let message = "The exercise has no tests any more: the workbook has changed since this command was started. Start \
                       it again.";
        return paragraph(message) + "\n\n";
    }
    let files = chapter.changed.join(" ");
    let message = format!(
        "The tests of this chapter have been changed, so they prove nothing about your answer. To restore \
         them, run:\n\n  `git checkout -- {files}`\n"
    );
    paragraph(&message) + "\n"
}

fn not_started(exercise_ref: &ExerciseRef<'_>, verdict: &ExerciseVerdict) -> String {
    let exercise = exercise_ref.exercise;
    // The `todo!()` may be in another exercise, which this answer calls.
    let stub = verdict.tests.iter().find_map(|test| {
        let (_, at) = test.report.trim_end().rsplit_once(" at ")?;
        Some((at.trim_end_matches('.').to_owned(), "there".to_owned()))
    });
    let (at, which) =
        stub.unwrap_or_else(|| (exercise_ref.file(), format!("of `{}`", exercise.name())));
    let message = format!(
        "{} ({} minutes). Open {at} and replace the `todo!()` {which} with your answer. The comment above it is the \
         contract; book/{} explains the exercise.",
        exercise.title,
        exercise.minutes,
        exercise_ref.page()
    );
    paragraph(&message) + "\n\n"
}

/// A test's name without its exercise.
fn short(test: &TestVerdict) -> &str {
    test.name
        .split_once("::")
        .map_or(&test.name, |(_, name)| name)
}

fn coloured(state: State, text: &str) -> String {
    match state {
        State::Solved => success(text),
        State::NotStarted => dim(text),
        State::GraderChanged => style::warning(text),
        State::Failing | State::Hangs | State::DoesNotCompile => error(text),
    }
}

#[cfg(test)]
mod tests {
    use autograder::diagnostic::Diagnostic;
    use autograder::verdict::ChapterVerdict;

    use super::first_warning;

    #[test]
    fn an_unused_future_is_more_important_than_an_unused_variable() {
        let warning = |code: &str| Diagnostic {
            level: "warning".to_owned(),
            code: Some(code.to_owned()),
            file: None,
            line: None,
            message: String::new(),
            rendered: code.to_owned(),
            explanation: None,
            read_on: None,
        };
        let verdict = |codes: &[&str]| ChapterVerdict {
            chapter: "gather".to_owned(),
            exercises: Vec::new(),
            errors: Vec::new(),
            warnings: codes.iter().map(|code| warning(code)).collect(),
            changed: Vec::new(),
        };
        let first = |codes: &[&str]| {
            let verdict = verdict(codes);
            first_warning(&verdict).map(|warning| warning.rendered.clone())
        };
        let (variable, future) = ("unused_variables", "unused_must_use");
        assert_eq!(first(&[variable, future]).as_deref(), Some(future));
        assert_eq!(first(&[variable, "dead_code"]).as_deref(), Some(variable));
        assert_eq!(first(&[]), None);
    }
}

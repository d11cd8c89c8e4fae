//! The verdict on an exercise, as its author wants to hear it: the first thing that is wrong, in full.

use std::fmt::Write;

use autograder::diagnostic::Diagnostic;
use autograder::verdict::{ChapterVerdict, ExerciseVerdict, Outcome, State, TestVerdict};

use super::paint::{self, bad, bold, dim, good};
use super::{commands, count, paragraph, words, wrapped};
use crate::culprits::Culprits;
use crate::names::Place;

/// So many lines of what an answer printed are shown: more would push the report off the screen.
const PRINTED: usize = 10;

/// How much of a verdict is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The first report, and the names of the other tests that failed.
    First,
    /// Every test's state, and the first report.
    Tests,
    /// Every test's state, and every report.
    All,
}

/// One line for each exercise of a chapter, under its title.
pub fn lines(title: &str, verdict: &ChapterVerdict, culprits: &Culprits) -> String {
    let mut text = bold(title) + "\n";
    let names = verdict
        .exercises
        .iter()
        .map(|exercise| exercise.exercise.len());
    let width = names.max().unwrap_or(0);
    for exercise in &verdict.exercises {
        let blocked_by = culprits.block(&exercise.exercise);
        // Of one that is kept from being graded nothing is known.
        let state = match blocked_by {
            Some(_) => State::NotStarted,
            None => exercise.state,
        };
        let mark = paint::mark(state);
        let state = painted(state, &words::state(exercise, blocked_by));
        let _ = writeln!(text, "  {mark} {:width$}  {state}", exercise.exercise);
    }
    text
}

/// What is to be said about one exercise.
pub fn of_exercise(
    place: &Place<'_>,
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
        State::NotStarted => text += &not_started(place, verdict),
        State::DoesNotCompile => text += &errors(chapter),
        State::GraderChanged => text += &changed(chapter),
        State::Failing | State::Hangs => text += &failures(verdict, detail),
    }
    if matches!(verdict.state, State::Solved | State::Failing | State::Hangs)
        && let Some(warning) = first_warning(chapter)
    {
        let _ = writeln!(
            text,
            "The compiler has a remark:\n\n{}\n",
            warning.rendered.trim_end()
        );
    }
    text
}

/// The warning that says most: a future that nobody awaits is why an answer does nothing.
fn first_warning(chapter: &ChapterVerdict) -> Option<&Diagnostic> {
    let unused = |warning: &&Diagnostic| warning.code.as_deref() == Some("unused_must_use");
    let mut warnings = chapter.warnings.iter();
    warnings.clone().find(unused).or_else(|| warnings.next())
}

/// What to type next.
pub fn next_step(place: &Place<'_>, state: State) -> String {
    let (file, name) = (place.file(), place.name());
    let (check, hint) = (format!("check {name}"), format!("hint {name}"));
    match state {
        State::GraderChanged => String::new(),
        State::Solved => commands(&[
            (&format!("solution {name}"), "compare it with the solution"),
            ("watch", "go on with the next one"),
        ]),
        State::NotStarted => {
            commands(&[(&check, "ask for the verdict"), (&hint, "ask for a hint")])
        }
        State::Failing | State::Hangs | State::DoesNotCompile => {
            let again = [(&*check, "ask again"), (&*hint, "ask for a hint")];
            format!("Edit {file} and save it. Then:\n{}", commands(&again))
        }
    }
}

fn tests(verdict: &ExerciseVerdict) -> String {
    let mut text = String::new();
    let names = verdict.tests.iter().map(|test| short(test).len());
    let width = names.max().unwrap_or(0);
    for test in &verdict.tests {
        let said = words::outcome(test.outcome);
        let (mark, said) = match test.outcome {
            Outcome::Passed => (good("✓"), dim(said)),
            Outcome::NotStarted | Outcome::NotRun => (dim("·"), dim(said)),
            _ => (bad("✗"), said.to_owned()),
        };
        let _ = writeln!(text, "    {mark} {:width$}  {said}", short(test));
    }
    text
}

fn failures(verdict: &ExerciseVerdict, detail: Detail) -> String {
    let failed: Vec<_> = verdict
        .tests
        .iter()
        .filter(|test| !test.outcome.passed())
        .collect();
    // A test that was not run has nothing to say while another has.
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
        let said = format!(
            "Also failing: {} (`cargo workbook check --all` shows every report).",
            others.join(", ")
        );
        let _ = writeln!(text, "{}\n", paragraph(&said));
    }
    text
}

fn report(test: &TestVerdict) -> String {
    let mut text = format!(
        "{}\n\n{}\n\n",
        bad(&bold(&test.name)),
        test.report_and_chart()
    );
    if !test.printed.trim().is_empty() {
        let _ = writeln!(text, "Your answer printed:\n");
        let mut lines = test.printed.trim_end().lines();
        for line in lines.by_ref().take(PRINTED) {
            let _ = writeln!(text, "  {line}");
        }
        if lines.next().is_some() {
            let _ = writeln!(text, "  and more");
        }
        text.push('\n');
    }
    text
}

fn misconceptions(verdict: &ExerciseVerdict) -> String {
    let says: Vec<_> = verdict
        .misconceptions
        .iter()
        .map(|known| known.says.trim())
        .collect();
    match &*says {
        [] => String::new(),
        [says] => {
            wrapped(&format!(
                "{} {says}",
                bold("A mistake that looks like this:")
            )) + "\n\n"
        }
        several => {
            let mut text = bold("Mistakes that look like this:") + "\n";
            for says in several {
                let options = textwrap::Options::new(super::WIDTH)
                    .initial_indent("- ")
                    .subsequent_indent("  ");
                let _ = writeln!(text, "{}", textwrap::fill(says, options));
            }
            text + "\n"
        }
    }
}

fn errors(chapter: &ChapterVerdict) -> String {
    let Some((first, others)) = chapter.errors.split_first() else {
        return String::new();
    };
    let mut text = first.rendered.trim_end().to_owned() + "\n\n";
    if let Some(about) = &first.about {
        text += &(paragraph(about) + "\n\n");
    }
    if !others.is_empty() {
        let _ = writeln!(
            text,
            "And {}: mend this one first.\n",
            count(others.len(), "more error")
        );
    }
    text
}

fn changed(chapter: &ChapterVerdict) -> String {
    let files = chapter.changed.join(" ");
    let said = format!(
        "The tests of this chapter are not the workbook's own any more, so they say nothing about \
         your answer. This brings them back:\n\n  `git checkout -- {files}`\n"
    );
    paragraph(&said) + "\n"
}

fn not_started(place: &Place<'_>, verdict: &ExerciseVerdict) -> String {
    let exercise = place.exercise;
    // It may be that of another exercise, which this answer calls.
    let stub = verdict.tests.iter().find_map(|test| {
        let (_, at) = test.report.trim_end().rsplit_once(" at ")?;
        Some((at.trim_end_matches('.').to_owned(), "there".to_owned()))
    });
    let (at, which) = stub.unwrap_or_else(|| (place.file(), format!("of `{}`", exercise.name())));
    let said = format!(
        "{} ({} minutes). Open {at} and put your answer in place of the todo!() {which}; the comment above it says \
         what is asked for, and book/{} tells the story.",
        exercise.title,
        exercise.minutes,
        place.page()
    );
    paragraph(&said) + "\n\n"
}

/// A test's name without its exercise.
fn short(test: &TestVerdict) -> &str {
    test.name
        .split_once("::")
        .map_or(&test.name, |(_, name)| name)
}

fn painted(state: State, text: &str) -> String {
    match state {
        State::Solved => good(text),
        State::NotStarted => dim(text),
        State::GraderChanged => paint::warning(text),
        State::Failing | State::Hangs | State::DoesNotCompile => bad(text),
    }
}

#[cfg(test)]
mod tests {
    use autograder::diagnostic::Diagnostic;
    use autograder::verdict::ChapterVerdict;

    use super::first_warning;

    #[test]
    fn a_future_that_nobody_awaits_comes_before_a_variable_that_nobody_uses() {
        let warning = |code: &str| Diagnostic {
            level: "warning".to_owned(),
            code: Some(code.to_owned()),
            file: None,
            line: None,
            message: String::new(),
            rendered: code.to_owned(),
            about: None,
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

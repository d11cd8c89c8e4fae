//! What a student is told about each exercise.

use autograder::verdict::{ChapterVerdict, ExerciseVerdict, State, TestVerdict};

use super::Report;

/// The module of the tests that students do not have.
const HIDDEN: &str = "hidden";

/// One exercise that counts.
pub struct Feedback<'a> {
    /// Its full name: `gather/fetch_all`.
    pub name: &'a str,
    /// The points.
    pub points: f64,
    /// The points of a solved exercise.
    pub of: f64,
    /// Whether it is solved.
    pub solved: bool,
    /// The tests that students have, with their outcomes.
    pub tests: Vec<&'a TestVerdict>,
    /// What to tell the student.
    pub text: String,
}

/// The feedback on every exercise that counts, in the order of the book.
pub fn of<'a>(report: &'a Report<'_>) -> Vec<Feedback<'a>> {
    let exercises = report.class.exercises.iter();
    exercises
        .zip(&report.student.marks.exercises)
        .map(|((name, worth), points)| {
            let (chapter, exercise) = name.split_once('/').unwrap_or((name, ""));
            let chapter = report
                .verdicts
                .iter()
                .find(|verdict| verdict.chapter == chapter);
            let verdict = chapter.and_then(|chapter| {
                let mut exercises = chapter.exercises.iter();
                Some((
                    chapter,
                    exercises.find(|verdict| verdict.exercise == exercise)?,
                ))
            });
            Feedback {
                name,
                points: *points,
                of: worth.points,
                solved: verdict.is_some_and(|(_, verdict)| verdict.state == State::Solved),
                tests: verdict.map_or_else(Vec::new, |(_, verdict)| {
                    verdict
                        .tests
                        .iter()
                        .filter(|test| !is_hidden(test))
                        .collect()
                }),
                text: verdict.map_or_else(
                    || without_verdict(report).to_owned(),
                    |(chapter, verdict)| text(chapter, verdict),
                ),
            }
        })
        .collect()
}

fn without_verdict(report: &Report<'_>) -> &'static str {
    if report.is_complete {
        "This chapter was not submitted."
    } else {
        "This chapter has not been graded yet, or was not submitted."
    }
}

/// Whether students do not have a test. They are told neither its name nor its report.
fn is_hidden(test: &TestVerdict) -> bool {
    test.name.split("::").nth(1) == Some(HIDDEN)
}

fn text(chapter: &ChapterVerdict, verdict: &ExerciseVerdict) -> String {
    let mut text = match verdict.state {
        State::Solved => return "Solved.".to_owned(),
        State::NotStarted => return "Not started.".to_owned(),
        State::GraderChanged => {
            return "The tests of this chapter are not the original ones.".to_owned();
        }
        State::DoesNotCompile => {
            let error = chapter.errors.first();
            return error.map_or_else(
                || "It does not compile.".to_owned(),
                |error| format!("It does not compile.\n\n{}", error.rendered.trim_end()),
            );
        }
        State::Failing | State::Hangs => String::new(),
    };
    let failed = verdict.tests.iter().filter(|test| !test.outcome.passed());
    let (hidden, shown): (Vec<_>, Vec<_>) = failed.partition(|test| is_hidden(test));
    if let Some(first) = shown.first() {
        text += &format!(
            "{}\n\n{}\n",
            first.name,
            first.report_and_timeline().trim_end()
        );
    }
    for mistake in &verdict.misconceptions {
        text += &format!(
            "\nA known wrong answer has similar code and fails in the same way: {}\n",
            mistake.description
        );
    }
    let also: Vec<_> = shown.iter().skip(1).map(|test| &*test.name).collect();
    if !also.is_empty() {
        text += &format!("\nAlso failing: {}\n", also.join(", "));
    }
    match hidden.len() {
        0 => {}
        1 => text += "\nA test that is not in the workbook fails, too.\n",
        count => text += &format!("\n{count} tests that are not in the workbook fail, too.\n"),
    }
    text.trim().to_owned()
}

//! What the verdicts say about an exercise of a student.

use std::collections::BTreeMap;

use anyhow::Result;
use autograder::verdict::{ChapterVerdict, ExerciseVerdict, Outcome, State, TestVerdict};

use super::columns::Column;
use super::text::Report;
use crate::export::{Graded, GradedStudent};
use crate::store::{GradedChapter, Store};

/// The chapters that students have handed in, each read once. What depends on real time is not stored, and missing here.
#[derive(Default)]
pub struct Evidence(BTreeMap<String, GradedChapter>);

impl Evidence {
    /// Reads the chapters of all students.
    pub fn read(graded: &Graded, store: &Store) -> Result<Self> {
        let mut chapters = BTreeMap::new();
        let students = graded.students.iter();
        for key in students.flat_map(|student| student.result.verdicts.values()) {
            if chapters.contains_key(key) {
                continue;
            }
            if let Some(mut chapter) = store.read(key)? {
                forget_the_rest(&mut chapter);
                chapters.insert(key.clone(), chapter);
            }
        }
        Ok(Self(chapters))
    }

    /// The chapter of this exercise, as the student has handed it in.
    pub fn chapter(&self, student: &GradedStudent, column: &Column<'_>) -> Option<&GradedChapter> {
        let key = student.result.verdicts.get(column.chapter.slug())?;
        self.0.get(key)
    }

    /// The report of the first failing test. If it was not stored, the state is known and no report.
    pub fn first_report(&self, student: &GradedStudent, column: &Column<'_>) -> Option<Report> {
        let chapter = self.chapter(student, column)?;
        let mut exercises = chapter.verdict.exercises.iter();
        let verdict = exercises.find(|verdict| verdict.exercise == column.exercise.name())?;
        Some(Report::parse(first_report(verdict)?))
    }
}

/// The state of an exercise of a student; `None` if its chapter was not submitted.
pub fn state(student: &GradedStudent, column: &Column<'_>) -> Option<State> {
    Some(student.result.exercises.get(column.full)?.state)
}

fn first_report(verdict: &ExerciseVerdict) -> Option<&str> {
    Some(&first_failed(&verdict.tests)?.report)
}

/// The first test that failed. One that was run comes first.
fn first_failed(tests: &[TestVerdict]) -> Option<&TestVerdict> {
    let failed = || tests.iter().filter(|test| !test.outcome.passed());
    let mut run =
        failed().filter(|test| !matches!(test.outcome, Outcome::NotStarted | Outcome::NotRun));
    run.next().or_else(|| failed().next())
}

/// Keeps what the overview shows: of each exercise the first report, of a chapter the first error, and the answers where a
/// mistake was recognised. A class may have thousands of chapters, and most of each is something else.
fn forget_the_rest(chapter: &mut GradedChapter) {
    let ChapterVerdict {
        exercises,
        errors,
        warnings,
        ..
    } = &mut chapter.verdict;
    for exercise in &mut *exercises {
        exercise.tests = first_failed(&exercise.tests).cloned().into_iter().collect();
        for test in &mut exercise.tests {
            test.timeline_svg = None;
            test.timeline_text = String::new();
            test.output = String::new();
        }
    }
    errors.truncate(1);
    warnings.clear();
    if exercises
        .iter()
        .all(|exercise| exercise.misconceptions.is_empty())
    {
        chapter.answers = String::new();
    }
}

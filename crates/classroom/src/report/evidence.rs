//! What the verdicts say about an exercise of a student.

use std::collections::BTreeMap;

use anyhow::Result;
use autograder::verdict::{ChapterVerdict, ExerciseVerdict, Outcome, State};

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
                forget_pictures(&mut chapter.verdict);
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
    let failed = || verdict.tests.iter().filter(|test| !test.outcome.passed());
    // The report of a test that was run comes first.
    let mut run =
        failed().filter(|test| !matches!(test.outcome, Outcome::NotStarted | Outcome::NotRun));
    let first = run.next().or_else(|| failed().next())?;
    Some(&first.report)
}

/// A class may have thousands of verdicts, and pictures are most of what is in one.
fn forget_pictures(verdict: &mut ChapterVerdict) {
    for exercise in &mut verdict.exercises {
        for test in &mut exercise.tests {
            test.timeline_svg = None;
            test.timeline_text = String::new();
            test.output = String::new();
        }
    }
}

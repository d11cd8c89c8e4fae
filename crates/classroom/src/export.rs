//! What other systems read: marks as tables, and results in the formats of autograders.

mod classroom50;
mod exercism;
mod feedback;
mod gradescope;
mod junit;
mod prairielearn;
mod table;
mod vpl;

use std::path::Path;

use anyhow::Result;
use autograder::files;
use autograder::verdict::ChapterVerdict;
use serde::Serialize;

use crate::class_file::Class;
use crate::marks::{Marks, written};
use crate::result::StudentResult;
use crate::roster::Roster;

/// The results of a class.
pub struct Graded {
    /// What counts.
    pub class: Class,
    /// The list of students, if there is one.
    pub roster: Option<Roster>,
    /// The students who submitted, by name and id.
    pub students: Vec<GradedStudent>,
}

impl Graded {
    /// The points for these results.
    pub fn new(class: Class, roster: Option<Roster>, results: Vec<StudentResult>) -> Self {
        let students = results.into_iter().map(|result| {
            let row = roster
                .as_ref()
                .and_then(|roster| roster.find(&result.student));
            let submitted = row.and_then(|row| roster.as_ref()?.rows.get(row)?.submitted);
            GradedStudent {
                marks: Marks::of(&class, &result, submitted),
                result,
                row,
            }
        });
        Self {
            students: students.collect(),
            roster,
            class,
        }
    }
}

/// The results and the points of one student.
pub struct GradedStudent {
    /// The results.
    pub result: StudentResult,
    /// The points.
    pub marks: Marks,
    /// The student's row in the list of students.
    pub row: Option<usize>,
}

/// A student's results, points and verdicts, for the formats of one submission.
pub struct Report<'a> {
    /// What counts.
    pub class: &'a Class,
    /// The results and the points.
    pub student: &'a GradedStudent,
    /// The verdicts on the chapters that were submitted, in the order of the book.
    pub verdicts: Vec<ChapterVerdict>,
    /// Whether everything that was submitted has been graded.
    pub is_complete: bool,
}

/// Writes the tables of marks: `grades.csv`, with a column for each exercise, and, if there is a list of students, the same
/// list with their marks.
///
/// # Errors
///
/// If a file cannot be written.
pub fn write_tables(folder: &Path, graded: &Graded) -> Result<()> {
    files::write_atomically(&folder.join("grades.csv"), table::of_exercises(graded)?)?;
    if let Some(roster) = &graded.roster {
        files::write_atomically(
            &folder.join("roster.csv"),
            table::of_roster(graded, roster)?,
        )?;
    }
    Ok(())
}

/// The format of one student's results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Gradescope's `results.json`.
    Gradescope,
    /// PrairieLearn's `results.json`.
    PrairieLearn,
    /// The lines of Moodle's Virtual Programming Lab.
    Vpl,
    /// The `results.json` of Exercism's test runners.
    Exercism,
    /// The `result.json` of Classroom 50.
    Classroom50,
    /// JUnit XML.
    Junit,
}

impl Format {
    /// All formats, with the names to type.
    pub const ALL: &[(&str, Self)] = &[
        ("gradescope", Self::Gradescope),
        ("prairielearn", Self::PrairieLearn),
        ("vpl", Self::Vpl),
        ("exercism", Self::Exercism),
        ("classroom50", Self::Classroom50),
        ("junit", Self::Junit),
    ];

    /// The name of the file in which the system looks for it.
    pub fn file(self) -> &'static str {
        match self {
            Self::Gradescope | Self::PrairieLearn | Self::Exercism => "results.json",
            Self::Classroom50 => "result.json",
            Self::Vpl => "evaluation.txt",
            Self::Junit => "junit.xml",
        }
    }
}

impl Report<'_> {
    /// The results in a format. `now` is a time such as `2026-12-01T20:15:00Z`.
    ///
    /// # Errors
    ///
    /// If a text cannot be part of the format.
    pub fn in_format(&self, format: Format, now: &str) -> Result<String> {
        Ok(match format {
            Format::Gradescope => gradescope::results(self),
            Format::PrairieLearn => prairielearn::results(self),
            Format::Vpl => vpl::evaluation(self, VPL_MAXIMUM),
            Format::Exercism => exercism::results(self),
            Format::Classroom50 => classroom50::results(self, now),
            Format::Junit => junit::document(self)?,
        })
    }

    /// What is said about the submission as a whole: its problems, and what it lost because it was late.
    fn notes(&self) -> String {
        let mut notes = self.student.result.problems.clone();
        if !self.is_complete {
            notes.push(UNFINISHED.to_owned());
        }
        let deduction = self.student.marks.deduction;
        if deduction > 0.0 {
            notes.push(format!(
                "It was late, which costs {} points.",
                written(deduction)
            ));
        }
        notes.join("\n")
    }
}

/// The grade of a perfect submission in Moodle's Virtual Programming Lab, unless its teacher has set another one.
const VPL_MAXIMUM: f64 = 100.0;

/// What is said about results that another process may read at any time.
const UNFINISHED: &str = "Some chapters have not been graded yet. If this message stays, grading was stopped before its end: please tell your teacher.";

fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value);
    text.expect("strings and finite numbers can be written as JSON") + "\n"
}

/// A text of at most `limit` characters: if it is longer, its end is replaced by a mark.
fn cut(text: &str, limit: usize) -> String {
    const MARK: &str = " […]";
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let kept = limit - MARK.chars().count();
    text.chars().take(kept).chain(MARK.chars()).collect()
}

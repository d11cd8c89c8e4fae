//! The results of a student.

use std::collections::BTreeMap;

use autograder::verdict::{ChapterVerdict, State};
use serde::{Deserialize, Serialize};

use crate::shared::Shared;
use crate::submission::{About, Student};

/// The results of one student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentResult {
    /// The student who submitted.
    pub student: Student,
    /// Where the submission was found.
    pub origin: String,
    /// What is wrong with the submission, in sentences.
    pub problems: Vec<String>,
    /// The verdicts on the chapters that were submitted, by slug, as ids in the [`Store`](crate::store::Store).
    pub verdicts: BTreeMap<String, String>,
    /// The results of the exercises, by full name: `gather/fetch_all`.
    pub exercises: BTreeMap<Shared<String>, Shared<ExerciseResult>>,
    /// What the submission says about itself.
    pub about: Option<About>,
}

/// The result of one exercise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExerciseResult {
    /// The verdict.
    pub state: State,
    /// How many tests passed.
    pub passed: usize,
    /// How many tests there are. 0 if nothing could be run.
    pub tests: usize,
    /// The known mistakes that were recognised.
    pub mistakes: Vec<String>,
}

/// The results of the exercises of one chapter, by full name.
pub fn of_chapter(
    verdict: &ChapterVerdict,
) -> impl Iterator<Item = (Shared<String>, Shared<ExerciseResult>)> {
    verdict.exercises.iter().map(|exercise| {
        let result = ExerciseResult {
            state: exercise.state,
            passed: exercise.tests.len() - exercise.failed(),
            tests: exercise.tests.len(),
            mistakes: exercise
                .misconceptions
                .iter()
                .map(|mistake| mistake.description.clone())
                .collect(),
        };
        let name = format!("{}/{}", verdict.chapter, exercise.exercise);
        (name.into(), result.into())
    })
}

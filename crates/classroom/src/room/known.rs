//! What a learner may report: the exercises and mistakes that this workbook knows. So nothing else can be sent under their
//! names, neither code nor anything that a teacher should not read.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use autograder::manifest::Manifest;
use autograder::misconception::Misconceptions;
use autograder::project::Project;

use crate::submission::room::LearnerState;

/// No exercise takes longer than a thousand hours.
const MAX_MINUTES: u64 = 60_000;

/// The mistakes, by the full name of the exercise.
#[derive(Debug, Default)]
pub struct Known(BTreeMap<String, BTreeSet<String>>);

impl Known {
    /// Those of a workbook.
    ///
    /// # Errors
    ///
    /// If its list of mistakes is invalid.
    pub fn read(project: &Project, manifest: &Manifest) -> Result<Self> {
        let mistakes = Misconceptions::read(project)?.known.into_iter();
        let mistakes = mistakes.map(|known| (known.exercise, known.description));
        Ok(Self::of(
            &workbook::names::all(manifest)
                .iter()
                .map(|exercise| exercise.name())
                .collect::<Vec<_>>(),
            mistakes,
        ))
    }

    /// These exercises and mistakes.
    pub fn of(exercises: &[String], mistakes: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut known: BTreeMap<_, BTreeSet<_>> = exercises
            .iter()
            .map(|name| (name.clone(), BTreeSet::new()))
            .collect();
        for (exercise, mistake) in mistakes {
            if let Some(known) = known.get_mut(&exercise) {
                known.insert(mistake);
            }
        }
        Self(known)
    }

    /// Whether there is this exercise.
    pub fn has(&self, exercise: &str) -> bool {
        self.0.contains_key(exercise)
    }

    /// The known part of a state. Another edition of the workbook may have more.
    pub fn part_of(&self, mut state: LearnerState) -> LearnerState {
        state.current = state.current.filter(|exercise| self.has(exercise));
        state.exercises.retain(|name, exercise| {
            let Some(mistakes) = self.0.get(name) else {
                return false;
            };
            exercise
                .mistakes
                .retain(|mistake| mistakes.contains(mistake));
            exercise.mistakes.sort();
            exercise.mistakes.dedup();
            exercise.minutes = exercise.minutes.min(MAX_MINUTES);
            true
        });
        state
    }
}

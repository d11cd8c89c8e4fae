//! The learner's progress, for commands that go on if it cannot be saved.

use std::path::Path;

use crate::names::ExerciseRef;
use crate::progress::Progress;
use crate::progress_store::{Notice, Store};

/// The learner's progress.
#[derive(Debug, Clone)]
pub struct Learner {
    store: Store,
}

/// A value, and a notice for the learner if there was a problem.
pub type WithNotice<T> = (T, Option<String>);

impl Learner {
    /// The progress in the project in `root`.
    pub fn of(root: &Path) -> Self {
        Self {
            store: Store::open(root),
        }
    }

    /// What the learner has done so far; empty if it cannot be read.
    pub fn progress(&self) -> WithNotice<Progress> {
        match self.store.read() {
            Ok((progress, notice)) => (progress, sentence(notice)),
            Err(error) => (Progress::default(), Some(error.to_string())),
        }
    }

    /// Records that an exercise was worked on, and whether it is solved now.
    pub fn graded(&self, exercise: &ExerciseRef<'_>, solved: bool) -> Option<String> {
        let name = exercise.name();
        let record = |progress: &mut Progress, now: u64| {
            if solved {
                progress.solved(&name, now);
            } else {
                progress.worked_on(&name, now);
            }
        };
        self.update(record).1
    }

    /// Shows one more hint of an exercise. Returns how many hints to show.
    pub fn one_more_hint(&self, exercise: &ExerciseRef<'_>) -> WithNotice<usize> {
        let (name, all) = (exercise.name(), exercise.exercise.hints.len());
        let (shown, notice) = self.update(|progress, now| progress.one_more_hint(&name, all, now));
        // If progress cannot be saved, all hints are shown: otherwise each call would show only the first.
        (shown.unwrap_or(all), notice)
    }

    /// Records that the solution was shown.
    pub fn solution_shown(&self, exercise: &ExerciseRef<'_>) -> Option<String> {
        self.update(|progress, now| progress.solution_shown(&exercise.name(), now))
            .1
    }

    fn update<T>(&self, change: impl FnOnce(&mut Progress, u64) -> T) -> WithNotice<Option<T>> {
        match self.store.update(change) {
            Ok((value, notice)) => (Some(value), sentence(notice)),
            Err(error) => (None, Some(error.to_string())),
        }
    }
}

fn sentence(notice: Option<Notice>) -> Option<String> {
    notice.map(|notice| notice.to_string())
}

//! What is known of the learner, for commands that go on when it cannot be written.

use std::path::Path;

use crate::names::Place;
use crate::progress::{Notice, Progress, Store};

/// The learner's progress.
#[derive(Debug, Clone)]
pub struct Learner {
    store: Store,
}

/// What came of it, and what the learner has to know about that: a sentence, if anything.
pub type Told<T> = (T, Option<String>);

impl Learner {
    /// The learner of this project.
    pub fn of(root: &Path) -> Self {
        Self {
            store: Store::open(root),
        }
    }

    /// What the learner has done so far. Where it cannot be read, that is nothing.
    pub fn progress(&self) -> Told<Progress> {
        match self.store.read() {
            Ok((progress, notice)) => (progress, sentence(notice)),
            Err(error) => (Progress::default(), Some(error.to_string())),
        }
    }

    /// Notes that an exercise was worked on, and whether it is solved now.
    pub fn graded(&self, place: &Place<'_>, solved: bool) -> Option<String> {
        let name = place.name();
        let note = |progress: &mut Progress, now: u64| {
            if solved {
                progress.solved(&name, now);
            } else {
                progress.worked_on(&name, now);
            }
        };
        self.update(note).1
    }

    /// How many of an exercise's hints to show now: one more than the last time.
    pub fn one_more_hint(&self, place: &Place<'_>) -> Told<usize> {
        let (name, all) = (place.name(), place.exercise.hints.len());
        let (shown, notice) = self.update(|progress, now| progress.one_more_hint(&name, all, now));
        // Where nothing can be noted every hint is the first one again, unless all are shown.
        (shown.unwrap_or(all), notice)
    }

    /// Notes that the solution was looked at.
    pub fn solution_shown(&self, place: &Place<'_>) -> Option<String> {
        self.update(|progress, now| progress.solution_shown(&place.name(), now))
            .1
    }

    fn update<T>(&self, change: impl FnOnce(&mut Progress, u64) -> T) -> Told<Option<T>> {
        match self.store.update(change) {
            Ok((value, notice)) => (Some(value), sentence(notice)),
            Err(error) => (None, Some(error.to_string())),
        }
    }
}

fn sentence(notice: Option<Notice>) -> Option<String> {
    notice.map(|notice| notice.to_string())
}

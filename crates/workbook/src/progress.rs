//! The learner's progress: one [`Record`] for each exercise, saved by a [`Store`](crate::progress_store::Store).
//!
//! Exercises are identified by their full name, such as `gather/fetch_all`. Times are seconds since 1970 on the
//! [`Store`](crate::progress_store::Store)'s clock.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The maximal time between two activities that counts as work, in seconds.
const MAX_GAP: u64 = 10 * 60;

/// The progress in all exercises, and the exercise that was worked on last.
///
/// Exercises that the book no longer contains are kept, in case a later version contains them again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    last: Option<String>,
    exercises: BTreeMap<String, Record>,
}

/// The progress in one exercise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// When it was solved for the first time. Whether it is solved now is not recorded.
    pub solved: Option<u64>,
    /// How many of its hints have been shown.
    pub hints: usize,
    /// When its solution was shown for the first time.
    pub solution: Option<u64>,
    /// Seconds of work until it was solved: the time between activities, each counted as at most ten minutes.
    pub seconds: u64,
    /// The time of the last activity.
    pub active: Option<u64>,
}

impl Progress {
    /// The progress in `exercise`; empty if it is not known.
    pub fn of(&self, exercise: &str) -> Record {
        self.exercises.get(exercise).copied().unwrap_or_default()
    }

    /// The exercise that was worked on last, if any.
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// All exercises that were worked on, by name.
    pub fn exercises(&self) -> impl Iterator<Item = (&str, &Record)> {
        self.exercises
            .iter()
            .map(|(name, record)| (name.as_str(), record))
    }

    /// Records work on `exercise` at `now`. It becomes the last exercise, and the time since its last activity
    /// counts as work, unless the clock was set back.
    pub fn worked_on(&mut self, exercise: &str, now: u64) {
        self.active(exercise, now);
    }

    /// Records that `exercise` was solved at `now`, which is an activity. Only the first time is kept.
    pub fn solved(&mut self, exercise: &str, now: u64) {
        self.active(exercise, now).solved.get_or_insert(now);
    }

    /// Records that one more hint of `exercise` was shown at `now`, which is an activity. Returns how
    /// many hints to show, at most `all`.
    pub fn one_more_hint(&mut self, exercise: &str, all: usize, now: u64) -> usize {
        let record = self.active(exercise, now);
        if record.hints < all {
            record.hints += 1;
        }
        record.hints.min(all)
    }

    /// Records that the solution of `exercise` was shown at `now`, which is an activity. Only the first time is
    /// kept.
    pub fn solution_shown(&mut self, exercise: &str, now: u64) {
        self.active(exercise, now).solution.get_or_insert(now);
    }

    fn active(&mut self, exercise: &str, now: u64) -> &mut Record {
        self.last = Some(exercise.to_owned());
        let record = self.exercises.entry(exercise.to_owned()).or_default();
        if record.solved.is_none() {
            let gap = now.saturating_sub(record.active.unwrap_or(now));
            record.seconds = record.seconds.saturating_add(gap.min(MAX_GAP));
        }
        record.active = Some(now);
        record
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    const NAME: &str = "gather/fetch_all";

    #[test]
    fn work_is_the_time_between_activities() {
        let mut progress = Progress::default();
        progress.worked_on(NAME, 1000);
        assert_eq!(progress.of(NAME).seconds, 0);
        progress.one_more_hint(NAME, 3, 1070);
        progress.solved(NAME, 1100);
        assert_eq!(progress.of(NAME).seconds, 100);
        assert_eq!(progress.of(NAME).active, Some(1100));
    }

    #[test]
    fn time_after_an_exercise_is_solved_does_not_count() {
        let mut progress = Progress::default();
        progress.worked_on(NAME, 1000);
        progress.solved(NAME, 1100);
        progress.solution_shown(NAME, 1200);
        progress.solved(NAME, 1300);
        progress.worked_on(NAME, 1400);
        assert_eq!(progress.of(NAME).seconds, 100);
    }

    #[test]
    fn a_break_counts_as_ten_minutes() {
        let mut progress = Progress::default();
        progress.worked_on(NAME, 1000);
        progress.worked_on(NAME, 1000 + 24 * 60 * 60);
        assert_eq!(progress.of(NAME).seconds, 600);
    }

    #[test]
    fn a_clock_that_was_set_back_subtracts_nothing() {
        let mut progress = Progress::default();
        progress.worked_on(NAME, 1000);
        progress.worked_on(NAME, 1050);
        progress.worked_on(NAME, 20);
        assert_eq!(progress.of(NAME).seconds, 50);
        progress.worked_on(NAME, 30);
        assert_eq!(progress.of(NAME).seconds, 60);
    }

    #[test]
    fn keeps_the_first_time_of_solving_and_showing() {
        let mut progress = Progress::default();
        progress.solved(NAME, 5);
        progress.solved(NAME, 9);
        progress.solution_shown(NAME, 11);
        progress.solution_shown(NAME, 12);
        assert_eq!(progress.of(NAME).solved, Some(5));
        assert_eq!(progress.of(NAME).solution, Some(11));
    }

    #[test]
    fn shows_hints_one_by_one_up_to_the_last() {
        let mut progress = Progress::default();
        let seen: Vec<_> = (0..4).map(|_| progress.one_more_hint(NAME, 3, 1)).collect();
        assert_eq!(seen, [1, 2, 3, 3]);
        assert_eq!(progress.one_more_hint(NAME, 2, 1), 2);
        assert_eq!(progress.of(NAME).hints, 3);
    }

    #[test]
    fn the_last_exercise_is_the_one_worked_on_last() {
        let mut progress = Progress::default();
        assert_eq!(progress.last(), None);
        progress.solved(NAME, 9);
        progress.worked_on("gather/settle", 3);
        assert_eq!(progress.last(), Some("gather/settle"));
    }
}

//! Finds a smaller case that fails like a given one.
//!
//! The idea is that of Hypothesis (MacIver and Donaldson, "Test-Case Reduction via Test-Case Generation: Insights
//! from the Hypothesis Reducer", 2020) and of its small model, MacIver's minithesis: not the values are reduced but the
//! choices from which they are made. So every smaller case is one that could have been drawn, and no type needs a
//! reducer of its own.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::choices::{Sequence, Track};

/// How many smaller cases are tried at most.
const MOST_RUNS: usize = 600;

/// How many choices all these cases make together at most. A case of thousands of items takes longer than one of two.
const MOST_CHOICES: usize = 50_000;

/// An item of a list is made of at most this many choices.
const LARGEST_ITEM: usize = 5;

/// What came of a smaller case.
pub(super) enum Tried {
    /// It fails in the same way. These are the choices that it made.
    Same(Sequence),
    /// It passes, or fails in another way.
    Other,
    /// It took so much real time that no other one should be tried.
    GiveUp,
}

/// The smallest case that was found. `failing` is one that fails; `run` tries another one.
pub(super) fn smallest(failing: Sequence, run: &mut dyn FnMut(&Sequence) -> Tried) -> Sequence {
    let mut reducer = Reducer {
        smallest: failing,
        run,
        tried: HashSet::new(),
        runs: MOST_RUNS,
        choices: MOST_CHOICES,
    };
    reducer.reduce();
    reducer.smallest
}

struct Reducer<'a> {
    smallest: Sequence,
    run: &'a mut dyn FnMut(&Sequence) -> Tried,
    tried: HashSet<Sequence>,
    /// How many runs are left.
    runs: usize,
    /// How many choices are left.
    choices: usize,
}

impl Reducer<'_> {
    fn reduce(&mut self) {
        loop {
            let before = self.smallest.clone();
            self.clear(Track::Values);
            self.clear(Track::Polls);
            self.lower_sizes();
            self.zero_blocks(Track::Values);
            self.lower(Track::Values);
            self.remove_items();
            self.zero_blocks(Track::Polls);
            self.lower(Track::Polls);
            if self.smallest == before || self.runs == 0 {
                return;
            }
        }
    }

    fn clear(&mut self, track: Track) {
        let mut smaller = self.smallest.clone();
        smaller.track(track).clear();
        self.attempt(smaller);
    }

    /// Comes first, because it makes all that follows shorter.
    fn lower_sizes(&mut self) {
        let sizes = self.smallest.sizes.clone();
        for at in sizes {
            if at < self.smallest.values.len() {
                self.lower_one(Track::Values, at);
            }
        }
    }

    /// Lowers each choice as far as it goes.
    fn lower(&mut self, track: Track) {
        let mut at = 0;
        while at < self.smallest.track(track).len() {
            self.lower_one(track, at);
            at += 1;
        }
    }

    fn lower_one(&mut self, track: Track, at: usize) {
        let now = |this: &mut Self| this.smallest.track(track).get(at).copied().unwrap_or(0);
        let mut passes = 0;
        if now(self) == 0 || self.set(track, at, 0) {
            return;
        }
        while passes + 1 < now(self) {
            let middle = passes + (now(self) - passes) / 2;
            if !self.set(track, at, middle) {
                passes = middle;
            }
        }
    }

    fn set(&mut self, track: Track, at: usize, choice: u64) -> bool {
        let mut smaller = self.smallest.clone();
        smaller.track(track)[at] = choice;
        self.attempt(smaller)
    }

    /// Removes values from the end to the beginning: alone, and as items of a list that is then one shorter.
    fn remove_items(&mut self) {
        for length in (1..=LARGEST_ITEM).rev() {
            let mut at = self.smallest.values.len();
            while at > 0 {
                at = (at - 1).min(self.smallest.values.len());
                let sizes = self.smallest.sizes.iter().copied();
                let sizes: Vec<_> = sizes.filter(|&size| size < at).collect();
                for size in sizes.into_iter().map(Some).rev().chain([None]) {
                    if self.remove(at, length, size) {
                        break;
                    }
                }
            }
        }
    }

    fn remove(&mut self, at: usize, length: usize, size: Option<usize>) -> bool {
        let mut smaller = self.smallest.clone();
        let end = at + length;
        if end > smaller.values.len() {
            return false;
        }
        if let Some(size) = size {
            let Some(shorter) = smaller.values[size].checked_sub(1) else {
                return false;
            };
            smaller.values[size] = shorter;
        }
        smaller.values.drain(at..end);
        self.attempt(smaller)
    }

    /// Makes several choices in a row the simplest ones.
    fn zero_blocks(&mut self, track: Track) {
        for length in [256, 64, 16, 4] {
            let mut end = self.smallest.track(track).len();
            while end > 0 {
                end = end.min(self.smallest.track(track).len());
                let start = end.saturating_sub(length);
                let mut smaller = self.smallest.clone();
                smaller.track(track)[start..end].fill(0);
                self.attempt(smaller);
                end = start;
            }
        }
    }

    /// Whether `smaller` fails in the same way, and is now the smallest.
    fn attempt(&mut self, mut smaller: Sequence) -> bool {
        // Zeros follow anyway.
        trim(&mut smaller.values);
        trim(&mut smaller.polls);
        smaller.sizes.clear();
        if self.runs == 0 || self.choices == 0 || !self.tried.insert(smaller.clone()) {
            return false;
        }
        self.runs -= 1;
        match (self.run)(&smaller) {
            Tried::Same(made) => {
                self.choices = self.choices.saturating_sub(made.len());
                let smaller = compare(&made, &self.smallest) == Ordering::Less;
                if smaller {
                    self.smallest = made;
                }
                smaller
            }
            Tried::Other => {
                self.choices = self.choices.saturating_sub(self.smallest.len());
                false
            }
            Tried::GiveUp => {
                self.runs = 0;
                false
            }
        }
    }
}

fn trim(choices: &mut Vec<u64>) {
    let length = choices.iter().rposition(|choice| *choice != 0);
    choices.truncate(length.map_or(0, |last| last + 1));
}

/// Fewer values are smaller, then lower values, the first ones first. How many polls there are does not matter: a
/// future that is not dropped is polled more often, and is simpler than one that is.
fn compare(a: &Sequence, b: &Sequence) -> Ordering {
    let polls = |sequence: &Sequence| {
        let mut polls = sequence.polls.clone();
        trim(&mut polls);
        polls
    };
    let values = (a.values.len(), &a.values).cmp(&(b.values.len(), &b.values));
    values.then_with(|| {
        let (a, b) = (polls(a), polls(b));
        (a.len(), a).cmp(&(b.len(), b))
    })
}

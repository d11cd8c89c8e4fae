//! The choices that make up a case.
//!
//! A case is nothing but the numbers that were chosen for it, in order. So it can be run again from these numbers,
//! and from smaller ones. Zero is always the simplest choice.

use super::numbers::Numbers;

/// What a choice decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Track {
    /// What an answer is given.
    Values,
    /// When its futures are polled, and where they are dropped.
    Polls,
}

/// The numbers that were chosen.
///
/// The tracks are apart, so that another value does not shift the choices of the polls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Sequence {
    pub(super) values: Vec<u64>,
    pub(super) polls: Vec<u64>,
    /// Where in `values` a number says how many values follow.
    pub(super) sizes: Vec<usize>,
}

impl Sequence {
    pub(super) fn track(&mut self, track: Track) -> &mut Vec<u64> {
        match track {
            Track::Values => &mut self.values,
            Track::Polls => &mut self.polls,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.values.len() + self.polls.len()
    }
}

/// Makes the choices of one run, and records them.
#[derive(Debug)]
pub(super) struct Choices {
    source: Source,
    made: Sequence,
}

#[derive(Debug)]
enum Source {
    Random(Numbers),
    /// Choices that were made before. When they are used up, zeros follow.
    Repeated(Sequence),
}

impl Choices {
    /// Those of the seed 0 are all zero.
    pub(super) fn of_seed(seed: u64) -> Self {
        match seed {
            0 => Self::repeating(Sequence::default()),
            seed => Self::from_source(Source::Random(Numbers::new(seed))),
        }
    }

    pub(super) fn repeating(sequence: Sequence) -> Self {
        Self::from_source(Source::Repeated(sequence))
    }

    fn from_source(source: Source) -> Self {
        Self {
            source,
            made: Sequence::default(),
        }
    }

    /// A number up to `most`, which `random` draws unless an earlier choice is repeated.
    pub(super) fn choose(
        &mut self,
        track: Track,
        most: u64,
        random: &mut dyn FnMut(&mut Numbers) -> u64,
    ) -> u64 {
        let made = self.made.track(track);
        let choice = match &mut self.source {
            Source::Random(numbers) => random(numbers),
            Source::Repeated(earlier) => earlier.track(track).get(made.len()).copied().unwrap_or(0),
        };
        let choice = choice.min(most);
        made.push(choice);
        choice
    }

    /// As `choose`, for a number that says how many values follow.
    pub(super) fn choose_size(
        &mut self,
        most: u64,
        random: &mut dyn FnMut(&mut Numbers) -> u64,
    ) -> u64 {
        self.made.sizes.push(self.made.values.len());
        self.choose(Track::Values, most, random)
    }

    pub(super) fn made(&self) -> Sequence {
        self.made.clone()
    }
}

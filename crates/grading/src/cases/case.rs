//! What a test draws from its case.

use std::fmt::Debug;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::choices::{Choices, Sequence, Track};
use super::numbers::Numbers;
use super::values;
use crate::drawn::Drawn;
use crate::run::Run;
use crate::words::{list, spell};

/// An item of a list repeats an earlier one with a chance of one in this many.
const REPEATS: u64 = 4;

/// What is drawn rarely is drawn once in so many cases.
const RARELY: u64 = 50;

/// The index of the longest of the long times.
const LONGEST: u64 = values::LONG.len() as u64 - 1;

/// One case of [`grade_cases`](crate::grade_cases): everything that is random in it.
///
/// Values are drawn under a name, with which the report of a failure shows them. Each of them has a simplest value:
/// the lowest number, the first item, no time, the given order. A failing case is reduced towards these.
///
/// Clones draw from the same case, and may be moved into spawned tasks.
#[derive(Debug, Clone)]
pub struct Case {
    choices: Arc<Mutex<Choices>>,
    drawn: Drawn,
}

impl Case {
    pub(super) fn new(choices: Choices, drawn: Drawn) -> Self {
        Self {
            choices: Arc::new(Mutex::new(choices)),
            drawn,
        }
    }

    /// How many there are of something: items, callers, permits. It is in `range`.
    ///
    /// The first three numbers of `range` are drawn most often, then the next few. Others are at a boundary (31, 64, 100,
    /// 256 and their like), a few hundred and, now and then, anything up to the end of `range`. An end of 300 is
    /// enough for most tests; thousands take time.
    ///
    /// # Panics
    ///
    /// If `range` is empty.
    pub fn size(&self, name: &str, range: RangeInclusive<usize>) -> usize {
        self.draw_size(name, range, values::size)
    }

    /// As [`size`](Case::size), but half of the numbers are next to `limit`, or to twice `limit`: one less, as many, or
    /// one more.
    ///
    /// # Panics
    ///
    /// If `range` is empty.
    pub fn size_near(&self, name: &str, limit: usize, range: RangeInclusive<usize>) -> usize {
        let limit = limit as u64;
        self.draw_size(name, range, move |numbers, low, high| {
            values::size_near(numbers, limit, low, high)
        })
    }

    /// A number up to `most` that identifies something: an id, a key, a value.
    ///
    /// Small numbers, and those at the limits of `u8`, `u16`, `u32` and `u64` and their like, are drawn most often.
    pub fn number(&self, name: &str, most: u64) -> u64 {
        let number = self.value(most, &values::number);
        self.drawn.add(name, &number.to_string());
        number
    }

    /// `count` numbers as [`number`](Case::number) draws them, some of them equal.
    pub fn numbers(&self, name: &str, count: usize, most: u64) -> Vec<u64> {
        let numbers = self.values(count, most, &values::number);
        let shown = numbers.iter().map(u64::to_string);
        self.drawn.add(name, &list(shown));
        numbers
    }

    /// A whole number of milliseconds up to `most`, perhaps none: on tokio's clock a wait of that time takes exactly
    /// that time.
    pub fn whole_ms(&self, name: &str, most: u64) -> Duration {
        let time = Duration::from_millis(self.value(most, &values::whole_ms));
        self.drawn.add(name, &spell(time));
        time
    }

    /// `count` times as [`whole_ms`](Case::whole_ms) draws them, some of them equal.
    pub fn whole_ms_each(&self, name: &str, count: usize, most: u64) -> Vec<Duration> {
        let times = self.values(count, most, &values::whole_ms);
        let times: Vec<_> = times.into_iter().map(Duration::from_millis).collect();
        self.drawn
            .add(name, &list(times.iter().copied().map(spell)));
        times
    }

    /// A duration up to `most`: zero, whole milliseconds, or a duration that tokio's timer rounds up, such as 1 ns and
    /// 1.5 ms.
    pub fn duration(&self, name: &str, most: Duration) -> Duration {
        let number = self.value(values::most_of_durations(most), &values::duration);
        let time = values::duration_of(number, most);
        self.drawn.add(name, &spell(time));
        time
    }

    /// `count` durations as [`duration`](Case::duration) draws them, some of them equal.
    pub fn durations(&self, name: &str, count: usize, most: Duration) -> Vec<Duration> {
        let numbers = self.values(count, values::most_of_durations(most), &values::duration);
        let times = numbers.into_iter();
        let times: Vec<_> = times.map(|n| values::duration_of(n, most)).collect();
        self.drawn
            .add(name, &list(times.iter().copied().map(spell)));
        times
    }

    /// A time that may be longer than any limit that an answer has: none, or minutes, hours or days.
    ///
    /// Where a contract has no limit for a wait or for the time that something takes, an answer must not give up. The
    /// longest time is 100 days, and a run may take three of them. (Without a long time, it is stopped after an hour.)
    pub fn long_time(&self, name: &str) -> Duration {
        let (minutes, words) = values::LONG[self.value(LONGEST, &values::uniform) as usize];
        self.drawn.add(name, words);
        if minutes >= 60
            && let Some(run) = Run::current()
        {
            run.set_takes_days();
        }
        Duration::from_secs(60 * minutes)
    }

    /// A text: a word, a number, nothing, or one with other characters.
    pub fn text(&self, name: &str) -> String {
        let text = values::text_of(self.value(values::MOST_OF_TEXTS, &values::text));
        self.drawn.add(name, &format!("{text:?}"));
        text
    }

    /// `count` texts as [`text`](Case::text) draws them, some of them equal. Those that are numbers are in another order
    /// as numbers than as texts.
    pub fn texts(&self, name: &str, count: usize) -> Vec<String> {
        let numbers = self.values(count, values::MOST_OF_TEXTS, &values::text);
        let texts: Vec<_> = numbers.into_iter().map(values::text_of).collect();
        let shown = texts.iter().map(|text| format!("{text:?}"));
        self.drawn.add(name, &list(shown));
        texts
    }

    /// One of `items`. The first one is the simplest.
    ///
    /// # Panics
    ///
    /// If `items` is empty.
    pub fn pick<'a, T: Debug>(&self, name: &str, items: &'a [T]) -> &'a T {
        let picked = &items[self.value(items.len() as u64 - 1, &values::uniform) as usize];
        self.drawn.add(name, &format!("{picked:?}"));
        picked
    }

    /// `many` in about one case of fifty, and 0 in the others: for sizes that a test should see, and that take too long to
    /// be in each case.
    pub fn rarely(&self, name: &str, many: usize) -> usize {
        let is_many = self.value(1, &|numbers, _| u64::from(numbers.below(RARELY) == 0));
        let drawn = if is_many == 1 { many } else { 0 };
        self.drawn.add(name, &drawn.to_string());
        drawn
    }

    /// The numbers from 0 to `count` - 1 in any order.
    pub fn permutation(&self, name: &str, count: usize) -> Vec<usize> {
        let mut order: Vec<_> = (0..count).collect();
        for at in 0..count {
            let rest = count - at;
            let next = self.value(rest as u64 - 1, &values::uniform) as usize;
            // The others keep their order, so that a choice that is lowered moves only this one.
            order[at..=at + next].rotate_right(1);
        }
        self.drawn
            .add(name, &list(order.iter().map(usize::to_string)));
        order
    }

    /// A random number from 0 to `n` - 1, without a name. It belongs to the polling order, as a number of turns and the
    /// time between two calls do: a report does not show it.
    ///
    /// # Panics
    ///
    /// If `n` is 0.
    pub fn below(&self, n: u64) -> u64 {
        assert!(n > 0, "there is no number below 0");
        let mut random = |numbers: &mut Numbers| numbers.below(n);
        self.choices().choose(Track::Polls, n - 1, &mut random)
    }

    /// As [`whole_ms`](Case::whole_ms), for a time that is shown as a part of something. `simplest` is the simplest one.
    pub(crate) fn unnamed_ms(&self, simplest: u64, most: u64) -> Duration {
        let number = self.value(most, &values::whole_ms);
        // The others keep their order.
        Duration::from_millis(match number {
            0 => simplest,
            number if number <= simplest => number - 1,
            number => number,
        })
    }

    /// One time in `one_in`, a number from 1 to `most`; otherwise 0.
    pub(crate) fn seldom(&self, one_in: u64, most: usize) -> usize {
        let seldom = |numbers: &mut Numbers, most: u64| match numbers.below(one_in) {
            0 => most - numbers.below(most.max(1)),
            _ => 0,
        };
        self.value(most as u64, &seldom) as usize
    }

    /// One time in `one_in`, a [`text`](Case::text).
    pub(crate) fn seldom_text(&self, one_in: u64) -> Option<String> {
        let seldom = |numbers: &mut Numbers, most: u64| match numbers.below(one_in) {
            0 => 1 + values::text(numbers, most - 1),
            _ => 0,
        };
        let number = self.value(1 + values::MOST_OF_TEXTS, &seldom);
        number.checked_sub(1).map(values::text_of)
    }

    /// Records that `value` was drawn under this name.
    pub(crate) fn show(&self, name: &str, value: &str) {
        self.drawn.add(name, value);
    }

    pub(super) fn made(&self) -> Sequence {
        self.choices().made()
    }

    fn draw_size(
        &self,
        name: &str,
        range: RangeInclusive<usize>,
        random: impl Fn(&mut Numbers, u64, u64) -> u64,
    ) -> usize {
        let (low, high) = (*range.start() as u64, *range.end() as u64);
        assert!(low <= high, "there is no size in an empty range");
        let mut above_low = |numbers: &mut Numbers| random(numbers, low, high) - low;
        let above_low = self.choices().choose_size(high - low, &mut above_low);
        let size = low + above_low;
        self.drawn.add(name, &size.to_string());
        size as usize
    }

    fn value(&self, most: u64, random: &dyn Fn(&mut Numbers, u64) -> u64) -> u64 {
        let mut random = |numbers: &mut Numbers| random(numbers, most);
        self.choices().choose(Track::Values, most, &mut random)
    }

    fn values(
        &self,
        count: usize,
        most: u64,
        random: &dyn Fn(&mut Numbers, u64) -> u64,
    ) -> Vec<u64> {
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            let value = self.value(most, &|numbers, most| {
                if !values.is_empty() && numbers.below(REPEATS) == 0 {
                    return numbers.one_of(&values);
                }
                random(numbers, most)
            });
            values.push(value);
        }
        values
    }

    /// No code panics while it holds the lock, so poison does not matter.
    fn choices(&self) -> MutexGuard<'_, Choices> {
        self.choices.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Which values are drawn, and how often.
//!
//! Uniform numbers would hardly ever be those at which wrong answers go wrong. So the small ones, those at a limit, and
//! those that occurred before are drawn far more often than others.

use std::time::Duration;

use super::numbers::Numbers;

/// Numbers at which something changes: the digits, the bits, the implementation of a library, a type that overflows.
const BOUNDARIES: [u64; 18] = [
    10,
    17,
    31,
    33,
    64,
    100,
    128,
    256,
    1_000,
    1_024,
    10_000,
    1 << 15,
    1 << 16,
    1 << 31,
    1 << 32,
    1 << 53,
    1 << 63,
    u64::MAX,
];

/// The boundaries that a list may have.
const SIZES: &[u64] = BOUNDARIES.split_at(8).0;

/// Durations that are not whole milliseconds, which is what tokio's timer counts in.
const ODD: [Duration; 6] = [
    Duration::from_nanos(1),
    Duration::from_micros(1),
    Duration::from_micros(500),
    Duration::from_nanos(999_999),
    Duration::from_micros(1_500),
    Duration::from_nanos(10_000_001),
];

/// Times that are longer than a limit that an answer may have, in minutes, and what a report calls them.
pub(super) const LONG: [(u64, &str); 6] = [
    (0, "no time"),
    (2, "2 minutes"),
    (2 * 60, "2 hours"),
    (2 * 24 * 60, "2 days"),
    (10 * 24 * 60, "10 days"),
    (100 * 24 * 60, "100 days"),
];

/// Texts whose order is not the one in which they are listed, some of which are numbers in another order than as text.
const TEXTS: [&str; 12] = [
    "b", "a", "9", "10", "", "2", "02", "-1", "B", "é", "a b", "{}",
];

/// A number from `low` to `high`, which says how many there are of something.
///
/// Many of something take time, so there are few cases with many: their mean is 7 for a `high` of 40, and 15 for 300.
pub(super) fn size(numbers: &mut Numbers, low: u64, high: u64) -> u64 {
    let any = match numbers.below(128) {
        0..=63 => low + numbers.below(3),
        64..=111 => low + numbers.below(12),
        112..=120 => around(numbers, SIZES),
        121..=124 => numbers.below(400),
        _ => numbers.up_to(high),
    };
    if any <= high {
        any.max(low)
    } else {
        high - any % 2 * u64::from(low < high)
    }
}

/// As `size`, but half of the numbers are next to `limit` or to twice that.
pub(super) fn size_near(numbers: &mut Numbers, limit: u64, low: u64, high: u64) -> u64 {
    match numbers.below(2) {
        0 => around(numbers, &[limit, limit, limit.saturating_mul(2)]).clamp(low, high),
        _ => size(numbers, low, high),
    }
}

/// A number up to `most`, which identifies something.
pub(super) fn number(numbers: &mut Numbers, most: u64) -> u64 {
    let any = match numbers.below(4) {
        0 => numbers.below(13),
        1 | 2 => around(numbers, &BOUNDARIES),
        _ => numbers.up_to(most),
    };
    // A boundary that is too high becomes the last one, or one before it.
    if any <= most {
        any
    } else {
        most.saturating_sub(any % 2)
    }
}

/// One of `boundaries`, the number before it, or the number after it.
fn around(numbers: &mut Numbers, boundaries: &[u64]) -> u64 {
    let boundary = numbers.one_of(boundaries);
    match numbers.below(3) {
        0 => boundary.saturating_sub(1),
        1 => boundary,
        _ => boundary.saturating_add(1),
    }
}

/// A number of milliseconds up to `most`. No time, the least and the most are frequent.
pub(super) fn whole_ms(numbers: &mut Numbers, most: u64) -> u64 {
    match numbers.below(8) {
        0 => 0,
        1 => most.min(1),
        2 => most,
        _ => numbers.up_to(most),
    }
}

/// The highest number that stands for a duration up to `most`.
pub(super) fn most_of_durations(most: Duration) -> u64 {
    let odd = ODD.iter().filter(|odd| **odd <= most).count();
    whole(most) + odd as u64
}

/// The number of a duration. Whole milliseconds come first: they are simpler.
pub(super) fn duration(numbers: &mut Numbers, most: u64) -> u64 {
    match numbers.below(4) {
        0 => most.saturating_sub(numbers.below(ODD.len() as u64)),
        _ => whole_ms(numbers, most),
    }
}

/// The duration that `number` stands for, if there are those up to `most`.
pub(super) fn duration_of(number: u64, most: Duration) -> Duration {
    match number.checked_sub(whole(most) + 1) {
        None => Duration::from_millis(number),
        Some(odd) => ODD[odd as usize],
    }
}

fn whole(most: Duration) -> u64 {
    u64::try_from(most.as_millis()).unwrap_or(u64::MAX)
}

/// The highest number that stands for a text.
pub(super) const MOST_OF_TEXTS: u64 = 2_000;

/// The number of a text.
pub(super) fn text(numbers: &mut Numbers, most: u64) -> u64 {
    match numbers.below(4) {
        0 => numbers.up_to(most),
        _ => numbers.below(TEXTS.len() as u64),
    }
}

/// The text that `number` stands for: one of the list, or a number.
pub(super) fn text_of(number: u64) -> String {
    match TEXTS.get(number as usize) {
        Some(text) => (*text).to_owned(),
        None => number.to_string(),
    }
}

/// Any number up to `most`, each as often.
pub(super) fn uniform(numbers: &mut Numbers, most: u64) -> u64 {
    numbers.up_to(most)
}

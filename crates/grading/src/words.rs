//! Numbers and durations as reports write them.

use std::time::Duration;

/// As many items of a list are shown.
const SHOWN: usize = 8;

/// How often something happened, as a report writes it: `never`, `once`, `3 times`.
pub fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

/// How often something was done, as a predicate: `was not called`, `was called once`, `was called 3 times`.
pub fn counted(verb: &str, count: usize) -> String {
    match count {
        0 => format!("was not {verb}"),
        1 => format!("was {verb} once"),
        count => format!("was {verb} {count} times"),
    }
}

/// How many there are of something: `0 jobs`, `1 job`, `3 jobs`.
pub fn plural(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// How many of something were as a word after it says: `none was`, `1 was`, `3 were`.
pub fn were(count: usize) -> String {
    match count {
        0 => "none was".to_owned(),
        1 => "1 was".to_owned(),
        count => format!("{count} were"),
    }
}

/// A list as a report writes it: `[/a, /b]`. Only the first items of a long one are shown.
pub fn list(items: impl ExactSizeIterator<Item = String>) -> String {
    let more = items.len().saturating_sub(SHOWN);
    let mut shown: Vec<_> = items.take(SHOWN).collect();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    format!("[{}]", shown.join(", "))
}

/// `duration` as a report writes it: `0 ms`, `1 ns`, `1.5 ms`, `100 ms`, `2.25 s`.
pub(crate) fn spell(duration: Duration) -> String {
    if !duration.is_zero() && duration < Duration::from_micros(1) {
        format!("{} ns", duration.as_nanos())
    } else if duration < Duration::from_secs(1) {
        timeline::milliseconds(duration)
    } else {
        timeline::seconds(duration)
    }
}

/// `duration` in milliseconds, rounded to the microsecond, as a report writes it: `0 ms`, `1.5 ms`, `1001 ms`.
pub fn in_ms(duration: Duration) -> String {
    timeline::milliseconds(duration)
}

/// `n` as a report writes it: `1st`, `2nd`, `11th`.
pub(crate) fn ordinal(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (1, last) if last != 11 => "st",
        (2, last) if last != 12 => "nd",
        (3, last) if last != 13 => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{list, ordinal, plural, spell, were};

    #[test]
    fn durations_are_written_in_the_unit_that_fits() {
        assert_eq!(spell(Duration::ZERO), "0 ms");
        assert_eq!(spell(Duration::from_nanos(1)), "1 ns");
        assert_eq!(spell(Duration::from_micros(1)), "0.001 ms");
        assert_eq!(spell(Duration::from_micros(1500)), "1.5 ms");
        assert_eq!(spell(Duration::from_millis(999)), "999 ms");
        assert_eq!(spell(Duration::from_millis(2250)), "2.25 s");
        assert_eq!(spell(Duration::from_secs(3600)), "3600 s");
    }

    #[test]
    fn nouns_and_verbs_agree_with_their_number() {
        let jobs = [0, 1, 2].map(|count| plural(count, "job"));
        assert_eq!(jobs, ["0 jobs", "1 job", "2 jobs"]);
        assert_eq!([0, 1, 2].map(were), ["none was", "1 was", "2 were"]);
    }

    #[test]
    fn a_long_list_is_cut() {
        let numbers = |count: usize| list((0..count).map(|n| n.to_string()));
        assert_eq!(numbers(0), "[]");
        assert_eq!(numbers(8), "[0, 1, 2, 3, 4, 5, 6, 7]");
        assert_eq!(numbers(10), "[0, 1, 2, 3, 4, 5, 6, 7, and 2 more]");
    }

    #[test]
    fn ordinals_have_their_english_endings() {
        let ordinals: Vec<_> = [1, 2, 3, 4, 11, 12, 13, 21, 102, 113].map(ordinal).to_vec();
        let expected = [
            "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "113th",
        ];
        assert_eq!(ordinals, expected);
    }
}

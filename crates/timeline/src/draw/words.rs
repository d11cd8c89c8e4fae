//! Text that fits into drawings, and the words for instants, polls and ends.

use std::borrow::Cow;
use std::time::Duration;

use unicode_width::UnicodeWidthChar;

use crate::model::{End, Outcome, Poll};

/// How many columns `text` takes. Each character counts separately, because terminals do not agree on clusters.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

fn char_width(character: char) -> usize {
    character.width().unwrap_or(0)
}

/// `text` on one line, without the characters that neither a terminal nor XML can show.
pub(crate) fn one_line(text: &str) -> String {
    let shown = |character: char| match character {
        '\u{FFFE}' | '\u{FFFF}' => char::REPLACEMENT_CHARACTER,
        _ if character.is_whitespace() => ' ',
        _ if character.is_control() => char::REPLACEMENT_CHARACTER,
        _ => character,
    };
    let line: String = text.chars().map(shown).collect();
    line.trim().to_owned()
}

/// The longest beginning of `text` that fits into `columns`, with an ellipsis if it was cut.
pub(crate) fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let Some(room) = columns.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let mut taken = 0;
    let kept = text.chars().take_while(|character| {
        taken += char_width(*character);
        taken <= room
    });
    let mut kept: String = kept.collect();
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    Cow::Owned(kept)
}

/// `text` followed by the spaces that fill `columns`.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    let mut padded = fit(text, columns).into_owned();
    let missing = columns - width(&padded);
    padded.extend(std::iter::repeat_n(' ', missing));
    padded
}

/// `texts`, one after the other with `gap` between them, in lines of at most `columns`.
pub(crate) fn wrapped(texts: &[String], gap: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for text in texts {
        match lines.last_mut() {
            Some(line) if width(line) + width(gap) + width(text) <= columns => {
                line.push_str(gap);
                line.push_str(text);
            }
            _ => lines.push(fit(text, columns).into_owned()),
        }
    }
    lines
}

/// `1234567` as `1,234,567`.
pub(crate) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An instant, rounded to the microsecond, in milliseconds below ten seconds.
pub(crate) fn instant(time: Duration) -> String {
    if time < Duration::from_secs(10) {
        milliseconds(time)
    } else {
        seconds(time)
    }
}

/// A duration in milliseconds, rounded to the microsecond: `0 ms`, `1.5 ms`, `1001 ms`.
pub fn milliseconds(time: Duration) -> String {
    format!("{} ms", decimal(rounded_micros(time), 3))
}

/// A duration in seconds, rounded to the microsecond: `2.25 s`.
pub fn seconds(time: Duration) -> String {
    format!("{} s", decimal(rounded_micros(time), 6))
}

fn rounded_micros(time: Duration) -> u128 {
    (time.as_nanos() + 500) / 1000
}

/// `number` divided by ten to the power of `places`, without trailing zeros.
fn decimal(number: u128, places: u32) -> String {
    let unit = 10_u128.pow(places);
    let (whole, rest) = (number / unit, number % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let width = places as usize;
    let digits = format!("{rest:0width$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// The label at the end of a lane.
pub(crate) fn ending(end: End) -> String {
    match end {
        End::Finished(at) => instant(at),
        End::Dropped(at) => format!("dropped at {}", instant(at)),
        End::Panicked(at) => format!("panicked at {}", instant(at)),
        End::Pending => "pending".to_owned(),
    }
}

/// `poll 2 of fetch 1, 300 ms: woken; finished`, for the poll with this index.
pub(crate) fn poll(lane: &str, index: usize, poll: &Poll) -> String {
    let mut facts = Vec::new();
    if poll.woken {
        facts.push("woken".to_owned());
    } else if index > 0 {
        facts.push("polled without a wake-up".to_owned());
    }
    if !poll.busy.is_zero() {
        facts.push(format!("blocked the thread for {}", instant(poll.busy)));
    } else if poll.until > poll.at {
        let blocked = instant(poll.until - poll.at);
        facts.push(format!("an inner lane blocked the thread for {blocked}"));
    }
    facts.push(match poll.outcome {
        Outcome::Pending => "pending".to_owned(),
        Outcome::Ready => "finished".to_owned(),
        Outcome::Panicked => "panicked".to_owned(),
    });
    let (number, at) = (count(index + 1), instant(poll.at));
    format!(
        "poll {number} of {}, {at}: {}",
        one_line(lane),
        facts.join("; ")
    )
}

/// `12 polls of fetch 1, 0 ms to 3 ms: 11 woken`, for polls that share one box.
pub(crate) fn polls(
    lane: &str,
    polls: usize,
    woken: usize,
    from: Duration,
    to: Duration,
) -> String {
    let time = if from == to {
        instant(from)
    } else {
        format!("{} to {}", instant(from), instant(to))
    };
    let (polls, woken) = (count(polls), count(woken));
    format!("{polls} polls of {}, {time}: {woken} woken", one_line(lane))
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_exact_and_short() {
        let cases = [
            (0, "0 ms"),
            (250, "0.25 ms"),
            (100_000, "100 ms"),
            (1_500_000, "1500 ms"),
            (12_500_000, "12.5 s"),
            (3_600_000_000, "3600 s"),
        ];
        for (micros, expected) in cases {
            assert_eq!(instant(Duration::from_micros(micros)), expected);
        }
    }

    #[test]
    fn durations_are_rounded_to_the_microsecond() {
        let cases = [
            (1_001_000_000, "1001 ms", "1.001 s"),
            (1_000_999_999, "1001 ms", "1.001 s"),
            (1_000_000_499, "1000 ms", "1 s"),
            (999_999_500, "1000 ms", "1 s"),
            (1_500, "0.002 ms", "0.000002 s"),
        ];
        for (nanos, in_milliseconds, in_seconds) in cases {
            let time = Duration::from_nanos(nanos);
            assert_eq!(milliseconds(time), in_milliseconds);
            assert_eq!(seconds(time), in_seconds);
        }
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(width("日本"), 4);
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日…");
        assert_eq!(padded("日本", 5), "日本 ");
        assert_eq!(fit("ab", 0), "");
    }

    #[test]
    fn characters_that_cannot_be_shown_are_replaced() {
        assert_eq!(one_line(" a\n\tb\u{1b}[0m\u{0}"), "a  b\u{fffd}[0m\u{fffd}");
    }

    #[test]
    fn counts_have_separators() {
        assert_eq!(count(7), "7");
        assert_eq!(count(1234567), "1,234,567");
    }
}

//! `batch_lines`: batches that are limited in bytes and in time.

use super::*;
use exercises::streams::batch_lines;

#[path = "batch_lines_mistakes.rs"]
mod mistakes;

use mistakes::{Batches, Lines, usual_mistake};

/// What may be in a line. Some characters have several bytes.
const CHARACTERS: [&str; 3] = ["x", "é", "日"];

impl Lines {
    /// Lines of up to `longest` characters, with up to `gap` between two of them.
    fn drawn(case: &Case, most: usize, longest: u64, gap: u64) -> Self {
        let count = case.size("lines", 0..=most);
        let lengths = case.numbers("characters", count, longest);
        let character = *case.pick("all of them are", &CHARACTERS);
        let gaps = case.whole_ms_each("times between them", count, gap);
        let mut at = Duration::ZERO;
        let lines = lengths.into_iter().zip(gaps).map(|(length, gap)| {
            at += gap;
            (at, character.repeat(length as usize))
        });
        let lines = lines.collect();
        Self {
            lines,
            end: at + case.whole_ms("end after", gap),
            max_bytes: 1_000,
            max_wait: LONG,
            pauses: Vec::new(),
        }
    }
}

/// `3 + 5 bytes`
fn sizes(batch: &[String]) -> String {
    let sizes: Vec<_> = batch.iter().map(|line| line.len().to_string()).collect();
    match sizes.as_slice() {
        [] => "no lines".to_owned(),
        [size] if size == "1" => "1 byte".to_owned(),
        sizes if sizes.len() > 6 => format!("{} lines", sizes.len()),
        sizes => format!("{} bytes", sizes.join(" + ")),
    }
}

fn bytes(batch: &[String]) -> usize {
    batch.iter().map(String::len).sum()
}

/// Lets the answer handle these lines.
async fn check_answer(lines: &Lines, read: &str) {
    check_batches(lines, &lines.seen().await, read).await;
}

/// Compares the batches and their instants.
async fn check_batches(lines: &Lines, seen: &Batches, read: &str) {
    let expected = lines.expected();
    let mistake = match *seen == expected {
        true => None,
        false => usual_mistake(lines, seen).await,
    };
    check(*seen == expected, || {
        not_as_expected(lines, seen)
            .usually_if(mistake.or_else(|| evident(lines, seen, &expected)))
            .read(read)
    });
}

/// Both lists, without a cause.
fn not_as_expected(lines: &Lines, seen: &Batches) -> Failure {
    let most = match lines.max_bytes {
        usize::MAX => "`usize::MAX` bytes".to_owned(),
        bytes => plural(bytes, "byte"),
    };
    Failure::new(format!(
        "With at most {most} and a wait of {}, these batches should be returned: {}; these were: {}.",
        in_ms(lines.max_wait),
        shown(&lines.expected(), |batch| sizes(batch)),
        shown(seen, |batch| sizes(batch))
    ))
}

/// What the two lists show.
fn evident(lines: &Lines, seen: &Batches, expected: &Batches) -> Option<&'static str> {
    let all = |batches: &Batches| -> Vec<String> {
        batches
            .iter()
            .flat_map(|(_, batch)| batch.clone())
            .collect()
    };
    let mut pairs = seen.iter().zip(expected);
    let differs = pairs.find(|(seen, expected)| seen != expected);
    if seen.iter().any(|(_, batch)| batch.is_empty()) {
        Some(
            "that a batch is made before there is a line for it. Its time begins with its first line.",
        )
    } else if all(seen) != all(expected) {
        Some("that lines are lost, or returned in another order.")
    } else if differs
        .is_some_and(|(seen, expected)| seen.0 > expected.0 && bytes(&seen.1) >= lines.max_bytes)
    {
        Some("that the batch is full, and waits for something.")
    } else {
        None
    }
}

#[test]
fn limits_the_bytes_of_a_batch() {
    grade_cases(async |case| {
        let max_bytes = case.size("max_bytes", 0..=300);
        let longest = *case.pick("characters at most", &[3, 10, 40, 120]);
        let mut lines = Lines::drawn(&case, 40, longest, 0);
        lines.end += ms(1);
        check_answer(&Lines { max_bytes, ..lines }, RATES).await;
    });
}

#[test]
fn max_bytes_may_be_larger_than_any_list() {
    grade_cases(async |case| {
        let less = case.size("max_bytes is less than `usize::MAX` by", 0..=3);
        let lines = Lines::drawn(&case, 20, 10, 30);
        let max_wait = case.whole_ms("max_wait", 60);
        let lines = Lines {
            max_bytes: usize::MAX - less,
            max_wait,
            ..lines
        };
        check_answer(&lines, RATES).await;
    });
}

#[test]
fn a_full_batch_does_not_wait() {
    grade_cases(async |case| {
        let max_bytes = case.size("max_bytes", 0..=20);
        let larger = case.size("longer by", 0..=5);
        let lines = Lines {
            lines: vec![
                (ms(5), "x".repeat(max_bytes + larger)),
                (ms(50), "x".to_owned()),
            ],
            end: ms(90),
            max_bytes,
            max_wait: LONG,
            pauses: Vec::new(),
        };
        check_answer(&lines, RATES).await;
    });
}

#[test]
fn limits_the_time_of_a_batch() {
    grade_cases(async |case| {
        let lines = Lines::drawn(&case, 20, 5, 30);
        let max_wait = case.whole_ms("max_wait", 60);
        check_answer(&Lines { max_wait, ..lines }, EXACTLY).await;
    });
}

#[test]
fn any_lines() {
    grade_cases(async |case| {
        let max_bytes = case.size("max_bytes", 0..=40);
        let lines = Lines::drawn(&case, 30, 15, 30);
        let lines = Lines {
            max_bytes,
            max_wait: case.whole_ms("max_wait", 90),
            ..lines
        };
        check_answer(&lines, RATES).await;
    });
}

#[test]
fn time_passes_while_the_consumer_is_busy() {
    grade_cases(async |case| {
        let max_bytes = case.size("max_bytes", 0..=20);
        let lines = Lines::drawn(&case, 20, 8, 30);
        let lines = Lines {
            max_bytes,
            max_wait: case.whole_ms("max_wait", 90),
            pauses: case.whole_ms_each("pauses of the consumer", 20, 120),
            ..lines
        };
        let (mut stream, input) = lines.answer();
        let clock = Clock::start();
        check(input.polls() == 0, || {
            Failure::new("`batch_lines` was called, and the stream was not polled. `lines` should not be polled; it was.")
                .usually("that the lines are read by something else than a poll of the stream.")
                .read(NOTHING_RUNS)
        });
        let (mut seen, mut pauses_left) = (Vec::new(), lines.pauses.iter());
        while seen.len() <= lines.lines.len()
            && let Some(batch) = stream.next().await
        {
            seen.push((clock.elapsed(), batch));
            let (taken, pause) = (
                input.taken(),
                pauses_left.next().copied().unwrap_or_default(),
            );
            if !pause.is_zero() {
                sleep(pause).await;
            }
            check(input.taken() == taken, || {
                Failure::new(format!(
                    "The stream was not polled for {}. No line should be taken from `lines` in that time; {}.",
                    in_ms(pause),
                    were(input.taken() - taken)
                ))
                .usually("that a spawned task reads the lines.")
                .read(NOTHING_RUNS)
            });
        }
        check_batches(&lines, &seen, RATES).await;
    });
}

#[test]
fn a_dropped_next_loses_no_line() {
    grade_cases(async |case| {
        let max_bytes = case.size("max_bytes", 0..=20);
        let lines = Lines::drawn(&case, 12, 8, 30);
        let lines = Lines {
            max_bytes,
            max_wait: case.whole_ms("max_wait", 90),
            ..lines
        };
        let patience = case.whole_ms("`next` is dropped after 1 ms +", 30) + ms(1);
        check_answer(&lines, RATES).await;

        let (mut stream, _seen) = lines.answer();
        let limit = lines.end + lines.max_wait + ms(10);
        let seen = drain_impatiently(&case, &mut stream, patience, limit).await;
        check(seen == lines.expected(), || {
            not_as_expected(&lines, &seen)
                .usually(
                    "that the lines of a batch, or its time, are lost when `next` is dropped or another task polls the stream. Keep \
                     both in the stream.",
                )
                .read(CANCEL_SAFE)
        });
    });
}

#[test]
fn stays_ended() {
    grade_cases(async |case| {
        let lines = Lines::drawn(&case, 6, 8, 30);
        let lines = Lines {
            max_bytes: case.size("max_bytes", 0..=20),
            max_wait: case.whole_ms("max_wait", 50),
            ..lines
        };
        let (mut stream, seen) = lines.answer();
        let _batches = drain(&mut stream, lines.lines.len(), &[]).await;
        check_stays_ended(&mut stream).await;
        seen.check_not_polled_after_its_end("lines");
    });
}

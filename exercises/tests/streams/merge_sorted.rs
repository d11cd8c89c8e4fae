//! `merge_sorted`: one sorted stream of several, without reading ahead.

use std::cmp::Ordering;

use super::*;
use exercises::streams::merge_sorted;

/// A line of a log. Lines with the same timestamp are equal, wherever they come from.
#[derive(Debug, Clone, Copy)]
struct Line {
    timestamp: u64,
    input: usize,
    index: usize,
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.timestamp == other.timestamp
    }
}

impl Eq for Line {}

impl PartialOrd for Line {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Line {
    fn cmp(&self, other: &Self) -> Ordering {
        self.timestamp.cmp(&other.timestamp)
    }
}

/// The lines of one input, the time that each of them takes, and that of the end.
#[derive(Debug, Clone)]
struct Log {
    lines: Vec<(Duration, Line)>,
    end: Duration,
}

impl Log {
    /// How long it takes without the others.
    fn time(&self) -> Duration {
        self.lines.iter().map(|(time, _)| *time).sum::<Duration>() + self.end
    }
}

/// Logs of any length.
fn drawn(case: &Case, most_inputs: usize, most_lines: usize) -> Vec<Log> {
    let inputs = case.size("inputs", 0..=most_inputs);
    let logs = (0..inputs).map(|input| {
        let count = case.size("lines of an input", 0..=most_lines);
        let mut timestamps = case.numbers("timestamps", count, 60);
        timestamps.sort_unstable();
        let times = case.whole_ms_each("times", count, 40);
        let line = |(index, timestamp)| Line {
            timestamp,
            input,
            index,
        };
        let lines = timestamps.into_iter().enumerate().map(line);
        Log {
            lines: times.into_iter().zip(lines).collect(),
            end: case.whole_ms("end after", 40),
        }
    });
    logs.collect()
}

/// An answer with these inputs, each of which is asked for its lines.
fn merged(logs: &[Log]) -> (BoxStream<'static, Line>, Vec<Seen>) {
    let inputs = logs
        .iter()
        .map(|log| Input::requested(log.lines.clone(), log.end));
    let (inputs, seen): (Vec<_>, Vec<_>) = inputs.unzip();
    (merge_sorted(inputs), seen)
}

fn expected(logs: &[Log]) -> Vec<Line> {
    let mut lines: Vec<_> = logs
        .iter()
        .flat_map(|log| log.lines.iter().map(|(_, line)| *line))
        .collect();
    lines.sort_by_key(|line| (line.timestamp, line.input));
    lines
}

/// When each line, and the end, is returned to a consumer that does not pause, if what is not known is awaited together, or one
/// after the other.
fn times(logs: &[Log], together: bool) -> Vec<Duration> {
    let time = |log: &Log, index: usize| log.lines.get(index).map_or(log.end, |(time, _)| *time);
    let (mut times, mut now) = (Vec::new(), Duration::ZERO);
    let mut known: Vec<_> = logs.iter().map(|log| time(log, 0)).collect();
    if !together {
        known = vec![known.iter().sum()];
    }
    for line in expected(logs) {
        now = known.iter().copied().fold(now, Duration::max);
        times.push(now);
        let next = now + time(&logs[line.input], line.index + 1);
        match together {
            true => known[line.input] = next,
            false => known = vec![next],
        }
    }
    times.push(known.iter().copied().fold(now, Duration::max));
    times
}

fn name(line: &Line) -> String {
    format!("{} of input {}", line.timestamp, line.input)
}

/// What tells lines apart, also those that are equal.
fn keys(lines: &[Line]) -> Vec<(u64, usize, usize)> {
    let keys = lines
        .iter()
        .map(|line| (line.timestamp, line.input, line.index));
    keys.collect()
}

/// What the returned lines show about a mistake, if so many were taken from the inputs.
fn mistake(returned: &[Line], expected: &[Line], taken: usize) -> &'static str {
    let sorted_keys = |lines: &[Line]| {
        let mut keys = keys(lines);
        keys.sort_unstable();
        keys
    };
    let (seen, right) = (keys(returned), keys(expected));
    let missing = std::iter::zip(expected, right).filter(|(_, key)| !seen.contains(key));
    let equals_are_missing = missing
        .map(|(line, _)| line)
        .all(|line| returned.contains(line));
    if returned.len() < expected.len() && taken < expected.len() {
        "that the stream ends before all inputs have ended."
    } else if returned.len() < expected.len() && equals_are_missing {
        "that items which are equal to others are not returned, although they were taken from the inputs. Each of them is an item."
    } else if returned.len() < expected.len() {
        "that items which were taken from the inputs are not returned. Keep each item that is known until it is returned, also \
         when another input ends or is pending."
    } else if sorted_keys(returned) != sorted_keys(expected) {
        "that items are repeated or changed."
    } else if !returned.is_sorted() {
        "that items are returned in the order in which they arrive. The next items of all inputs have to be compared."
    } else {
        "that of equal items not the one of the first input is returned."
    }
}

fn check_lines(returned: &[Line], logs: &[Log], seen: &[Seen]) {
    let expected = expected(logs);
    check(keys(returned) == keys(&expected), || {
        let shown = |lines: &[Line]| list(lines.iter().map(name));
        let taken = seen.iter().map(Seen::taken).sum();
        Failure::new(format!(
            "{} should be returned: {}; {} were: {}. The number of those that were taken from the inputs is {taken}.",
            plural(expected.len(), "item"),
            shown(&expected),
            returned.len(),
            shown(returned)
        ))
        .usually(mistake(returned, &expected, taken))
        .read(SORTED)
    });
}

#[test]
fn merges_any_inputs() {
    grade_cases(async |case| {
        let logs = drawn(&case, 40, 12);
        let (mut stream, seen) = merged(&logs);
        let returned: Vec<_> = stream.by_ref().collect().await;
        check_lines(&returned, &logs, &seen);
    });
}

#[test]
fn merges_many_inputs() {
    grade_cases(async |case| {
        let inputs = case.size("inputs with a line each", 0..=70) + case.rarely("more", 300);
        let timestamps = case.numbers("timestamps", inputs, 60);
        let of_one_line = |(input, timestamp)| Log {
            lines: vec![(
                Duration::ZERO,
                Line {
                    timestamp,
                    input,
                    index: 0,
                },
            )],
            end: Duration::ZERO,
        };
        let logs: Vec<_> = timestamps
            .into_iter()
            .enumerate()
            .map(of_one_line)
            .collect();
        let (mut stream, seen) = merged(&logs);
        let returned: Vec<_> = stream.by_ref().collect().await;
        check_lines(&returned, &logs, &seen);
    });
}

#[test]
fn merges_long_inputs() {
    grade_cases(async |case| {
        let logs = drawn(&case, 3, 300);
        let (mut stream, seen) = merged(&logs);
        let returned: Vec<_> = stream.by_ref().collect().await;
        check_lines(&returned, &logs, &seen);
    });
}

#[test]
fn returns_an_item_when_all_next_items_are_known() {
    grade_cases(async |case| {
        let logs = drawn(&case, 6, 6);
        let (mut stream, _seen) = merged(&logs);
        let clock = Clock::start();
        let (mut seen, mut lines) = (Vec::new(), Vec::new());
        while let Some(line) = stream.next().await {
            seen.push(clock.elapsed());
            lines.push(line);
        }
        seen.push(clock.elapsed());
        let right = times(&logs, true);
        check(seen == right, || {
            let shown = |times: &[Duration]| list(times.iter().map(|time| in_ms(*time)));
            let all_read = logs.iter().map(Log::time).max().unwrap_or_default();
            let mistakes = [
                (
                    "that the inputs are awaited one after the other, so that their waits add up. Poll all of them together.",
                    times(&logs, false),
                ),
                (
                    "that the inputs are read to their ends before an item is returned.",
                    vec![all_read; seen.len()],
                ),
            ];
            let earlier = seen.iter().zip(&right).any(|(seen, right)| seen < right);
            let early = match keys(&lines) == keys(&expected(&logs)) {
                true => {
                    "that an input is polled before its next item is needed: when it is known, or by a task of its own."
                }
                false => {
                    "that an item is returned before every input has shown its next one: a smaller one may follow."
                }
            };
            Failure::new(format!(
                "The items and the end should be returned at {}; they were at {}.",
                shown(&right),
                shown(&seen)
            ))
            .usually_if(explained(&seen, mistakes).or(earlier.then_some(early)))
            .read(SORTED)
        });
    });
}

#[test]
fn holds_one_item_of_each_input() {
    grade_cases(async |case| {
        let logs = drawn(&case, 6, 8);
        let pause = case.whole_ms("pause after each item", 100);
        let (mut stream, seen) = merged(&logs);
        sleep(ms(100)).await;
        check(seen.iter().all(|seen| seen.polls() == 0), || {
            Failure::new("`merge_sorted` was called, and the stream was not polled. No input should be polled; one was.")
                .usually("that a spawned task reads the inputs. The stream should do so when it is polled.")
                .read(NOTHING_RUNS)
        });
        let mut returned = vec![0; logs.len()];
        while let Some(line) = stream.next().await {
            returned[line.input] += 1;
            if !pause.is_zero() {
                sleep(pause).await;
            }
            for (input, seen) in seen.iter().enumerate() {
                let (taken, most) = (seen.taken(), returned[input] + 1);
                check(taken <= most, || {
                    Failure::new(format!(
                        "{} been returned of input {input}. At most {most} should have been taken from it; {taken} were.",
                        have(returned[input], "item")
                    ))
                    .usually("that the inputs are read ahead: into lists, or by tasks with channels.")
                    .read(RUNS_AHEAD)
                });
            }
        }
    });
}

#[test]
fn an_ended_input_is_not_polled_again() {
    grade_cases(async |case| {
        let logs = drawn(&case, 6, 6);
        let (mut stream, seen) = merged(&logs);
        while stream.next().await.is_some() {}
        check_stays_ended(&mut stream).await;
        for seen in &seen {
            seen.check_not_polled_after_its_end("input");
        }
    });
}

#[test]
fn a_dropped_next_loses_no_item() {
    grade_cases(async |case| {
        let logs = drawn(&case, 6, 8);
        let patience = case.whole_ms("`next` is dropped after 1 ms +", 30) + ms(1);
        let (stream, seen) = merged(&logs);
        check_lines(&stream.collect::<Vec<_>>().await, &logs, &seen);

        let (mut stream, seen) = merged(&logs);
        let limit: Duration = logs.iter().map(Log::time).sum();
        let returned = drain_impatiently(&case, &mut stream, patience, limit * 2 + ms(10)).await;
        let returned: Vec<_> = returned.into_iter().map(|(_, line)| line).collect();
        check(returned.len() == expected(&logs).len(), || {
            Failure::new(format!(
                "`next` was dropped and called again, after {} at the latest. {} should be returned; {} were.",
                in_ms(patience),
                plural(expected(&logs).len(), "item"),
                returned.len()
            ))
            .usually("that items which are known are in the future of `next`, and dropped with it. Keep them in the stream.")
            .read(CANCEL_SAFE)
        });
        check_lines(&returned, &logs, &seen);
    });
}

//! `InputLines`: lines of a reader that blocks.

use super::*;
use std::io::ErrorKind;
use std::num::NonZeroUsize;

use exercises::blocking::InputLines;
use grading::{Case, explained};
use keyboard::input;
use tokio::sync::Semaphore;
use typed_lines::{Line, Typed, shown, usual_mistake};

async fn next(lines: &mut InputLines) -> Line {
    let unread = Failure::new("The next line, or the end, has been typed; `next_line` does not return it.")
        .usually("that the thread has ended without closing the channel, or that a line is returned only when more is there.")
        .read(STDIN);
    Line::from(must_end(lines.next_line(), unread).await)
}

/// The next so many results.
async fn next_results(lines: &mut InputLines, count: usize) -> Vec<Line> {
    let mut seen = Vec::new();
    for _ in 0..count {
        seen.push(next(lines).await);
    }
    seen
}

fn check_lines(seen: &[Line], expected: &[Line], typed: &str, usually: Option<&str>) {
    check(seen == expected, || {
        Failure::new(format!(
            "{typed} `next_line` should return {}; it returned {}.",
            shown(expected),
            shown(seen)
        ))
        .usually_if(usually)
        .read(STDIN)
    });
}

fn capacity(case: &Case) -> NonZeroUsize {
    let capacity = case.size("capacity", 1..=100);
    NonZeroUsize::new(capacity).expect("it is 1 or more")
}

#[test]
fn returns_all_lines_in_order_and_then_the_end() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let capacity = capacity(&case);
        let typed = Typed::drawn(&case, capacity.get());
        let seen = results(&case, &typed, capacity).await;
        let expected = typed.expected();
        let text = format!("After {}", plural(typed.texts.len(), "line"));
        if seen == expected {
            return;
        }
        let mut all = vec![(typed, seen.clone())];
        for probe in Typed::probes() {
            let seen = results(&case, &probe, capacity).await;
            all.push((probe, seen));
        }
        let mistake =
            usual_mistake(&all).unwrap_or("that lines are changed, left out or invented.");
        check_lines(&seen, &expected, &text, Some(mistake));
    });
}

/// What the answer returns for these lines.
async fn results(case: &Case, typed: &Typed, capacity: NonZeroUsize) -> Vec<Line> {
    let (keyboard, reader, _observer) = input();
    for (text, end) in typed.lines() {
        // Half of the lines arrive in two parts, which may divide a character.
        let line = format!("{text}{end}").into_bytes();
        let (first, second) = line.split_at(if case.below(2) == 0 {
            0
        } else {
            line.len() / 2
        });
        for part in [first, second] {
            if !part.is_empty() {
                keyboard.types(part);
            }
        }
    }
    drop(keyboard);
    let mut lines = InputLines::new(reader, capacity);
    next_results(&mut lines, typed.expected().len()).await
}

#[test]
fn the_capacity_may_be_the_largest() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let less = case.size("capacity is less than `Semaphore::MAX_PERMITS` by", 0..=2);
        let capacity = NonZeroUsize::new(Semaphore::MAX_PERMITS - less).expect("it is large");
        let (keyboard, reader, _observer) = input();
        let mut lines = InputLines::new(reader, capacity);
        keyboard.types("a line\n");
        let seen = next(&mut lines).await;
        check_lines(
            &[seen],
            &[Line::text("a line")],
            "When a line has been typed,",
            None,
        );
    });
}

#[test]
fn a_line_is_returned_before_the_next_one_is_typed() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let count = case.size("lines", 1..=20);
        let (keyboard, reader, _observer) = input();
        let mut lines = InputLines::new(reader, capacity(&case));
        for number in 1..=count {
            keyboard.types(format!("line {number}\n"));
            let seen = next(&mut lines).await;
            check_lines(
                &[seen],
                &[Line::Text(format!("line {number}"))],
                &format!("When line {number} has been typed,"),
                None,
            );
        }
    });
}

#[test]
fn waiting_for_a_line_does_not_block_the_thread() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let (keyboard, reader, _observer) = input();
        let capacity = capacity(&case);
        let new = move || {
            must_return(
                || InputLines::new(reader, capacity),
                Failure::new(
                    "`new` should return before anything has been typed; it waits for that.",
                )
                .usually(
                    "that the reader is read by the caller, or that `new` waits for the thread.",
                )
                .read(STDIN),
            )
        };
        let mut lines = match case.pick("made", &["in a runtime", "outside of one"]) {
            &"in a runtime" => new(),
            _ => outside_runtime(new).await,
        };
        let waker = TestWaker::new();
        let what = "`next_line`, while nothing has been typed,";
        let mut first = Box::pin(lines.next_line());
        let polled = poll_once(&waker, first.as_mut(), what);
        check(polled.is_pending(), || {
            Failure::new(
                "While nothing has been typed, `next_line` should be pending; it is ready.",
            )
            .read(STDIN)
        });
        check_rests(&waker, first.as_mut(), what).await;
        drop(first);
        keyboard.types("typed at last\n");
        let seen = next(&mut lines).await;
        check_lines(
            &[seen],
            &[Line::text("typed at last")],
            "When a line has been typed,",
            Some("that it is lost."),
        );
    });
}

#[test]
fn a_dropped_next_line_loses_no_line() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let (count, drops) = (
            case.size("lines", 1..=10),
            case.size("futures dropped before each line", 0..=3),
        );
        let (keyboard, reader, _observer) = input();
        let mut lines = InputLines::new(reader, capacity(&case));
        let (waker, mut seen) = (TestWaker::new(), Vec::new());
        for number in 1..=count {
            for _ in 0..drops {
                let what = "`next_line`, while nothing has been typed,";
                let polled = poll_once(&waker, Box::pin(lines.next_line()).as_mut(), what);
                seen.extend(match polled {
                    Poll::Ready(line) => Some(Line::from(line)),
                    Poll::Pending => None,
                });
            }
            keyboard.types(format!("line {number}\n"));
        }
        drop(keyboard);
        let lost = || {
            Failure::new(format!(
                "{} typed. Futures of `next_line` were dropped before, while and after they were woken. One more line should be \
                 returned; it is not.",
                match count {
                    1 => "1 line was".to_owned(),
                    count => format!("{count} lines were"),
                }
            ))
            .usually(
                "that a line belongs to the future that has asked for it, and is lost if that one is dropped. A line belongs into a \
                 channel that outlives the future.",
            )
            .read(STDIN)
        };
        let mut calls = 0;
        while seen.len() < count {
            calls += 1;
            let line = match calls <= 20 * count {
                true => must_end(case.drop_somewhere(lines.next_line()), lost()).await,
                false => Some(must_end(lines.next_line(), lost()).await),
            };
            seen.extend(line.map(Line::from));
        }
        let expected: Vec<_> = (1..=count)
            .map(|number| Line::Text(format!("line {number}")))
            .collect();
        check_lines(
            &seen,
            &expected,
            &format!(
                "Futures of `next_line` were dropped before, while and after they were woken. After {}",
                plural(count, "line")
            ),
            Some(
                "that a line is sent to the future that asked for it, and is lost if that one is gone. A line belongs into a \
                 channel that outlives the future.",
            ),
        );
    });
}

#[test]
fn an_error_comes_after_the_lines_before_it() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let count = case.size("lines before the error", 0..=20);
        let kinds = [
            ErrorKind::InvalidData,
            ErrorKind::BrokenPipe,
            ErrorKind::WouldBlock,
            ErrorKind::UnexpectedEof,
            ErrorKind::TimedOut,
            ErrorKind::Other,
        ];
        let kind = *case.pick("error", &kinds);
        let more = case.size("lines after it", 0..=3);
        let (keyboard, reader, _observer) = input();
        for number in 1..=count {
            keyboard.types(format!("line {number}\n"));
        }
        match kind {
            ErrorKind::InvalidData => keyboard.types(b"not UTF-8: \xff\n"),
            kind => keyboard.fails(kind),
        }
        for _ in 0..more {
            keyboard.types("after the error\n");
        }
        drop(keyboard);
        let mut lines = InputLines::new(reader, capacity(&case));
        let before: Vec<_> = (1..=count)
            .map(|number| Line::Text(format!("line {number}")))
            .collect();
        let results = |then: &[Line]| [&before, then].concat();
        let expected = results(&[Line::Error(kind), Line::End, Line::End]);
        let seen = next_results(&mut lines, expected.len()).await;
        let other = Line::Error(ErrorKind::Other);
        let mistakes = [
            (
                "that the error is dropped, and looks like the end of the input. Send the `io::Result` over the channel.",
                results(&[Line::End, Line::End, Line::End]),
            ),
            (
                "that the error is returned again and again. It is returned once, and ends the input.",
                results(&[Line::Error(kind), Line::Error(kind), Line::Error(kind)]),
            ),
            (
                "that the error has lost its kind.",
                results(&[other, Line::End, Line::End]),
            ),
            (
                "that bytes which are not UTF-8 are replaced. A line that is not UTF-8 is an error.",
                {
                    let replaced = Line::text("not UTF-8: \u{fffd}");
                    let mut all = results(&[replaced]);
                    all.extend(vec![Line::text("after the error"); more]);
                    all.resize(seen.len(), Line::End);
                    all
                },
            ),
        ];
        let goes_on = seen.contains(&Line::text("after the error"));
        let error = seen.iter().position(|line| matches!(line, Line::Error(_)));
        let usually = explained(&seen, mistakes).or(match error {
            Some(at) if at < count => Some("that the error overtakes lines."),
            _ if goes_on => Some("that the error does not end the input."),
            _ => None,
        });
        check_lines(
            &seen,
            &expected,
            &format!("After {} and an error", plural(count, "line")),
            usually,
        );
    });
}

#[test]
fn reads_at_most_one_line_beyond_the_capacity() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let capacity = capacity(&case);
        let returned = case.size("lines returned", 1..=5);
        let more = 2 * capacity.get() + 40;
        let (keyboard, reader, observer) = input();
        for number in 1..=returned + more {
            keyboard.types(format!("line {number}\n"));
        }
        let mut lines = InputLines::new(reader, capacity);
        let _ = next_results(&mut lines, returned).await;
        let observer = outside_runtime(move || {
            observer.wait_until_the_thread_rests();
            observer
        })
        .await;
        let ahead = observer.reads().saturating_sub(returned);
        check(ahead <= capacity.get() + 1, || {
            let failure = Failure::new(format!(
                "With a capacity of {capacity}, at most {} should be read and not returned; {} were.",
                plural(capacity.get() + 1, "line"),
                ahead
            ));
            let usually = match ahead == more {
                true => {
                    "that the channel has no limit, or that the thread does not wait for room. `blocking_send` waits."
                }
                false => "that there is room for more than `capacity` lines.",
            };
            failure.usually(usually).read(BRIDGE)
        });
        check(!observer.is_dropped(), || {
            Failure::new(format!(
                "With a capacity of {capacity}, and {more} lines that are not returned, the thread should wait for room; it has \
                 dropped the reader."
            ))
            .usually("that a full channel counts as a closed one.")
            .read(BRIDGE)
        });
        let seen = next_results(&mut lines, more).await;
        let expected: Vec<_> = (returned + 1..=returned + more)
            .map(|number| Line::Text(format!("line {number}")))
            .collect();
        check_lines(
            &seen,
            &expected,
            "When there is room again,",
            Some("that lines are lost while there is no room."),
        );
    });
}

#[test]
fn the_thread_ends_when_it_is_dropped() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let capacity = capacity(&case);
        let before = case.size("lines returned before", 0..=5);
        let unreturned = case.size_near("lines typed and not returned", capacity.get() + 1, 0..=30);
        let after = case.size("lines typed after", 1..=10);
        let (keyboard, reader, observer) = input();
        for number in 1..=before + unreturned {
            keyboard.types(format!("line {number}\n"));
        }
        let mut lines = InputLines::new(reader, capacity);
        let _ = next_results(&mut lines, before).await;
        let rests = before > 0 && *case.pick("the thread rests first", &[true, false]);
        let observer = match rests {
            true => {
                outside_runtime(move || {
                    observer.wait_until_the_thread_rests();
                    observer
                })
                .await
            }
            false => observer,
        };
        let read_before = observer.reads();
        let was_full = rests && read_before < before + unreturned;
        drop_now(lines, "it", STDIN);
        for _ in 0..after {
            keyboard.types("typed after that\n");
        }
        drop(keyboard);
        let read = outside_runtime(move || {
            // The input has an end by now, so a thread that sleeps and has not read all of it waits for room.
            observer.wait_until_the_thread_rests();
            let waits_for_room = (1..before + unreturned + after).contains(&observer.reads());
            let not_dropped = Failure::new(if waits_for_room {
                "It was dropped while its thread waited for room, so the thread should drop the reader and end; it does not."
            } else {
                "It was dropped and a line was typed, so the thread should drop the reader and end; it does not."
            });
            let usually = waits_for_room
                .then_some("that the thread is not told, and waits for room that no one makes.");
            must_return(
                || observer.wait_until_dropped(),
                not_dropped.usually_if(usually).read(STDIN),
            );
            observer.reads()
        });
        let read = read.await;
        let most = match (was_full, rests) {
            (true, _) => read_before,
            (false, true) => read_before + 1,
            (false, false) => before + unreturned.min(capacity.get() + 1) + 1,
        };
        check(read <= most, || {
            Failure::new(format!(
                "It was dropped after {} had been typed and {before} returned. The thread should have read {most} at most when it \
                 ends; it has read {read}.",
                plural(before + unreturned, "line")
            ))
            .usually("that the error of `blocking_send` is ignored: it says that no one will receive the line.")
            .read(BRIDGE)
        });
    });
}

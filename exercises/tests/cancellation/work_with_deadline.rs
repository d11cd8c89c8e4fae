//! `work_with_deadline`: a piece of work, a channel of messages, and a deadline.

use super::*;
use exercises::cancellation::work_with_deadline;
use grading::await_and_keep;

/// Work of `time` in two steps. It records when it starts, and when it ends or is dropped before that.
async fn work(log: Log, time: u64) -> &'static str {
    let mut dropped = Dropped(Some(log));
    sleep(ms(time) / 2).await;
    sleep(ms(time) / 2).await;
    dropped.0 = None;
    "report.csv"
}

struct Dropped(Option<Log>);

impl Drop for Dropped {
    fn drop(&mut self) {
        if let Some(log) = &self.0 {
            log.record("work dropped");
        }
    }
}

const EVERY: u64 = 5;

/// A message every 5 ms, six in all.
fn six_messages() -> mpsc::Receiver<u32> {
    let (tx, rx) = mpsc::channel(100);
    grading::spawn(async move {
        for message in 1..=6 {
            sleep(ms(EVERY)).await;
            let _ = tx.send(message).await;
        }
        sleep(ms(1000)).await;
    });
    rx
}

/// Six messages at once, after 5 ms.
fn six_messages_at_once() -> mpsc::Receiver<u32> {
    let (tx, rx) = mpsc::channel(100);
    grading::spawn(async move {
        sleep(ms(EVERY)).await;
        for message in 1..=6 {
            let _ = tx.try_send(message);
        }
        sleep(ms(1000)).await;
    });
    rx
}

/// A channel without messages that is closed at `time`.
fn closed_at(time: u64) -> mpsc::Receiver<u32> {
    let (tx, rx) = mpsc::channel(1);
    if time == 0 {
        return rx;
    }
    grading::spawn(async move {
        sleep(ms(time)).await;
        drop(tx);
    });
    rx
}

/// What the report of a future says that spins `at` this instant, in a test that closes the channel then or earlier.
fn spins(closed: u64) -> impl Fn(Duration) -> Failure {
    move |at| {
        let report = Failure::new(format!(
            "The channel is closed at {closed} ms. At {} the future was polled 1000 times, and time could not go on.",
            in_ms(at)
        ));
        if at == ms(closed) {
            report.usually(
                "that the closed channel is received from again and again: `recv` is ready at once, with `None`. The \
                 pattern `Some(..)` disables its branch when it does not match.",
            )
        } else {
            report
        }
        .read(NO_MATCH)
    }
}

#[test]
fn returns_the_output_of_the_work() {
    grade(async || {
        let (log, mut messages) = (Log::start(), six_messages());
        let clock = Clock::start();
        let seen = work_with_deadline(work(log.clone(), 24), &mut messages, |_| {}, ms(100)).await;
        let at = clock.elapsed();
        check(seen == Some("report.csv") && at == ms(24), || {
            let report = Failure::new(format!(
                "The work takes 24 ms, and a message arrives every 5 ms. The result should be `Some(\"report.csv\")` \
                 at 24 ms; it was {seen:?} at {}.",
                in_ms(at)
            ));
            match log.times_of("work dropped")[..] {
                [dropped] if dropped == ms(EVERY) => report.usually(
                    "that a message drops the work. Create it before the loop, pin it, and use `&mut work` in the branch.",
                ),
                _ => report,
            }
            .read(START_OVER)
        });
    });
}

/// When an answer with six messages and a limit of 22 ms returns, if it does so in a second. While it handles the
/// first message, at 5 ms, the thread is blocked for `real_time`.
#[expect(
    clippy::disallowed_methods,
    reason = "only real time tells an answer that asks for it"
)]
async fn deadline_with_messages(real_time: Duration) -> Option<Duration> {
    let (clock, mut messages) = (Clock::start(), six_messages());
    let block = |message| {
        if message == 1 {
            std::thread::sleep(real_time);
        }
    };
    let never = std::future::pending::<()>();
    let answer = work_with_deadline(never, &mut messages, block, ms(22));
    let returned = timeout(ms(1000), answer).await.is_ok();
    returned.then(|| clock.elapsed())
}

#[test]
fn a_message_does_not_move_the_deadline() {
    grade(async || {
        let returned = deadline_with_messages(Duration::ZERO).await;
        if returned == Some(ms(22)) {
            return;
        }
        let in_real_time = deadline_with_messages(ms(30)).await != returned;
        let report = Failure::new(format!(
            "The deadline is 22 ms after the first poll, the work is never ready, and messages arrive every 5 ms. The \
             function should return at 22 ms; {}.",
            match returned {
                Some(at) => format!("it was at {}", in_ms(at)),
                None => "at 1000 ms it had not returned".to_owned(),
            }
        ));
        let moved = returned.is_some_and(|at| {
            let from = at.saturating_sub(ms(22));
            (1..=6).any(|message| from == ms(EVERY * message))
        });
        let report = if in_real_time {
            report
                .usually(
                    "that the answer asks `std::time::Instant` for the time. When the thread is blocked for 30 ms in the \
                     handler of a message, it returns at another instant. Here only tokio's clock goes on: use \
                     `tokio::time::Instant`.",
                )
                .read(DEADLINE)
        } else if moved {
            report
                .usually("that every iteration creates a new `sleep`, so that each message restarts the time limit.")
                .read(NEW_TIMEOUT)
        } else {
            report.read(DEADLINE)
        };
        check(false, || report);
    });
}

#[test]
fn handles_each_message_when_it_arrives() {
    grade(async || {
        let (log, mut messages) = (Log::start(), six_messages());
        let record = |message| log.record(format!("message {message}"));
        let never = std::future::pending::<()>();
        let answer = work_with_deadline(never, &mut messages, record, ms(22));
        let answer = Counted::new(timeout(ms(1000), answer));
        let polls = answer.counts();
        let _ = answer.await;
        let expected: Vec<_> = (1..=4)
            .map(|n| (format!("message {n}"), ms(EVERY * n)))
            .collect();
        let seen = log.entries();
        // Whether there are more is a matter of the deadline.
        let seen = &seen[..seen.len().min(expected.len())];
        polls.check_polls(15, BRANCHES);
        let when_woken = handled_when_woken().await;
        check(seen == expected, || {
            let report = Failure::new(format!(
                "Messages arrive at 5, 10, 15 and 20 ms, and each should be handled then. These were handled: {}.",
                describe(seen)
            ));
            let at_the_end = seen.iter().all(|(_, at)| *at >= ms(22));
            if !seen.is_empty() && at_the_end {
                report
                    .usually("that the messages are handled at the end, and not when they arrive.")
            } else if seen.len() == 1 && when_woken == 1 {
                report.usually("that the loop ends after one message.")
            } else if seen.len() == 1 {
                report.usually(
                    "that the answer returns `Pending` after it has handled a message. Nothing wakes it for the next one: it \
                     has to receive until `recv` is pending.",
                )
            } else {
                report
            }
            .read(BRANCHES)
        });
    });
}

/// How many of six messages are handled if the work wakes the future every millisecond.
async fn handled_when_woken() -> usize {
    let (mut messages, mut handled) = (six_messages(), 0);
    let work = async {
        loop {
            sleep(ms(1)).await;
        }
    };
    let answer = work_with_deadline(work, &mut messages, |_| handled += 1, ms(50));
    let _: Result<Option<()>, _> = timeout(ms(1000), answer).await;
    handled
}

#[test]
fn work_that_is_ready_at_the_deadline_counts() {
    // Often enough to find an answer that leaves it to chance.
    for time in 1..=20 {
        grade(async || {
            let (_tx, mut messages) = mpsc::channel(1);
            let work = work(Log::start(), 2 * time);
            let seen = work_with_deadline(work, &mut messages, |_| {}, ms(2 * time)).await;
            check(seen.is_some(), || {
                Failure::new(format!(
                "The work is ready at {} ms, at the instant of the deadline. Its output should be returned; the result \
                 was {seen:?}.",
                2 * time
            ))
            .usually(
                "that the deadline is polled before the work, or in random order. With `biased;` the order of the \
                 branches decides.",
            )
            .read(BIASED)
            });
        });
    }
}

#[test]
fn a_limit_of_zero_polls_the_work() {
    grade(async || {
        let (_tx, mut messages) = mpsc::channel(1);
        let work = std::future::ready("report.csv");
        let seen = work_with_deadline(work, &mut messages, |_| {}, ms(0)).await;
        check(seen.is_some(), || {
            Failure::new(format!(
                "The limit is zero, and the work is ready at its first poll. Its output should be returned; the result \
                 was {seen:?}."
            ))
            .read(BIASED)
        });
    });
}

#[test]
fn the_work_goes_on_when_the_channel_is_closed() {
    for closed in [10, 0] {
        grade(async || {
            let (log, clock) = (Log::start(), Clock::start());
            let mut messages = closed_at(closed);
            let answer = work_with_deadline(work(log, 24), &mut messages, |_| {}, ms(100));
            let answer = Counted::new(without_spinning(answer, spins(closed)));
            let counts = answer.counts();
            let seen = answer.await;
            let at = clock.elapsed();
            check(seen.is_some() && at == ms(24), || {
                let report = Failure::new(format!(
                    "The channel is closed at {closed} ms. The output of the work should be returned all the same, at \
                     24 ms; the result was {seen:?} at {}.",
                    in_ms(at)
                ));
                if seen.is_none() && at == ms(closed) {
                    report.usually("that `None` from `recv` ends the answer.")
                } else {
                    report
                }
                .read(NO_MATCH)
            });
            counts.check_polls(10, BRANCHES);
        });
    }
}

#[test]
fn the_work_is_dropped_when_it_returns() {
    for (limit, when) in [
        (22, "When the function has returned at the deadline,"),
        (100, "When the function has returned the output,"),
    ] {
        grade(async || {
            let (tasks, alive) = (Tasks::baseline(), Gauge::new());
            let (_tx, mut messages) = mpsc::channel(1);
            let (guard, mut time) = (alive.enter(), Box::pin(sleep(ms(50))));
            // Unlike an async block, it still owns the guard when it is ready.
            let work = std::future::poll_fn(move |cx| {
                let _alive = &guard;
                time.as_mut().poll(cx)
            });
            work_with_deadline(work, &mut messages, |_| {}, ms(limit)).await;
            check_nothing_left(tasks, &alive, when).await;
        });
    }
}

#[test]
fn loses_no_message_when_dropped() {
    for messages in [six_messages, six_messages_at_once] {
        check_none_lost_when_dropped(messages);
    }
}

fn check_none_lost_when_dropped(messages: fn() -> mpsc::Receiver<u32>) {
    drop_at_every_await(
        async || {
            let (log, alive) = (Log::start(), Gauge::new());
            let messages = Arc::new(tokio::sync::Mutex::new(messages()));
            let tasks = Tasks::baseline();
            let (receiver, handled, guard) = (Arc::clone(&messages), log.clone(), alive.enter());
            let answer = async move {
                let work = async move {
                    let _alive = guard;
                    sleep(ms(23)).await;
                };
                let mut receiver = receiver.lock().await;
                let record = |message: u32| handled.record(message.to_string());
                work_with_deadline(work, &mut receiver, record, ms(100)).await;
            };
            (answer, (messages, log, tasks, alive))
        },
        async |(messages, log, tasks, alive)| {
            check_nothing_left(tasks, &alive, "When the future is dropped,").await;
            sleep(ms(100)).await;
            let mut seen: Vec<_> = log.entries().into_iter().map(|(event, _)| event).collect();
            let mut messages = messages.lock().await;
            seen.extend(std::iter::from_fn(|| messages.try_recv().ok()).map(|n| n.to_string()));
            check(seen == ["1", "2", "3", "4", "5", "6"], || {
                Failure::new(format!(
                    "Each of six messages should be handled or still be in the channel, in order; these are: {seen:?}."
                ))
                .usually(
                    "that a message is received before it can be handled, and is lost when the future is dropped.",
                )
                .read(DROPPED_SEND)
            });
        },
    );
}

#[test]
fn keeps_the_deadline_when_the_channel_is_closed() {
    grade(async || {
        let returns = async |closed: u64| {
            let (clock, mut messages) = (Clock::start(), closed_at(closed));
            let never = std::future::pending::<()>();
            let answer = work_with_deadline(never, &mut messages, |_| {}, ms(22));
            let answer = without_spinning(answer, spins(closed));
            let returned = timeout(ms(1000), answer).await.is_ok();
            returned.then(|| clock.elapsed())
        };
        let while_open = returns(2000).await;
        let returned = returns(10).await;
        check(returned == Some(ms(22)), || {
            let report = Failure::new(format!(
                "The channel is closed at 10 ms, and the work is never ready. The result should be `None` at the \
                 deadline, 22 ms; {}.",
                match returned {
                    Some(at) => format!("it returned at {}", in_ms(at)),
                    None => "it had not returned at 1000 ms".to_owned(),
                }
            ));
            match returned {
                None if while_open == Some(ms(22)) => report.usually(
                    "that the work is awaited alone once the channel is closed. While it is open, the deadline is kept.",
                ),
                Some(at) if at == ms(10 + 22) => {
                    report.usually("that there is a new deadline once the channel is closed.")
                }
                _ => report,
            }
            .read(DEADLINE)
        });
    });
}

/// The handler of each message sends the next one, up to this many.
const ENDLESS: u32 = 1000;

#[test]
fn endless_messages_do_not_delay_the_deadline() {
    grade(async || {
        let (tx, mut messages) = mpsc::channel(1);
        let _ = tx.try_send(1);
        let never = Counted::new(std::future::pending::<()>());
        let polls = never.counts();
        let (mut handled, mut polls_before) = (0, 0);
        let send_another = |message| {
            if handled == 0 {
                polls_before = polls.polls();
            }
            handled = message;
            if handled < ENDLESS {
                let _ = tx.try_send(message + 1);
            }
        };
        let answer = work_with_deadline(never, &mut messages, send_another, ms(0));
        let _ = timeout(ms(1000), answer).await;
        check(handled < ENDLESS, || {
            let report = Failure::new(
                "The handler of each message sends the next one, and the deadline is at 0 ms. The result should be \
                 `None` at once; 1000 messages were handled first.",
            );
            // One that handles them before the deadline polls the work between two of them, or after them.
            if polls_before == 1 && polls.polls() == 1 {
                report
                    .usually("that messages are handled when the deadline has passed. Those that are waiting then stay in the channel.")
                    .read(BRANCHES)
            } else {
                report
                    .usually(
                        "that waiting messages are handled before the deadline is polled. With `biased;`, a branch that is \
                         always ready starves those below it.",
                    )
                    .read(STARVATION)
            }
        });
    });
}

#[test]
fn has_dropped_the_work_when_it_returns() {
    for in_time in [true, false] {
        grade(async || {
            let (log, (_tx, mut messages)) = (Log::start(), mpsc::channel(1));
            let dropped = Dropped(Some(log.clone()));
            let work = async move {
                let _dropped = &dropped;
                sleep(ms(if in_time { 10 } else { 100 })).await;
            };
            let answer = work_with_deadline(work, &mut messages, |_| {}, ms(20));
            let (_, _finished) = await_and_keep(answer).await;
            let is_dropped = log.times_of("work dropped").len() == 1;
            check(is_dropped, || {
                Failure::new(format!(
                    "The function has returned {}, and its future is not dropped yet. The work should have been dropped by then; it still \
                     exists.",
                    if in_time { "the output of the work" } else { "at the deadline" }
                ))
                .usually("that the work is kept in a field of the future until that is dropped.")
                .read(BRANCHES)
            });
        });
    }
}

#[test]
fn endless_messages_do_not_delay_the_output() {
    grade(async || {
        let (tx, mut messages) = mpsc::channel(1);
        let _ = tx.try_send(1);
        let (done, ended) = tokio::sync::oneshot::channel::<()>();
        let (mut done, handled) = (Some(done), std::cell::Cell::new(0));
        let send_another = |message| {
            handled.set(message);
            done.take();
            if message < ENDLESS {
                let _ = tx.try_send(message + 1);
            }
        };
        let handled_before_ready = std::cell::Cell::new(0);
        let work = async {
            let _ = ended.await;
            handled_before_ready.set(handled.get());
        };
        work_with_deadline(work, &mut messages, send_another, ms(100)).await;
        check(handled.get() < ENDLESS, || {
            Failure::new(
                "The handler of each message sends the next one, and the first one completes the work. The output should \
                 be returned at once; 1000 messages were handled first.",
            )
            .usually(if handled_before_ready.get() < ENDLESS {
                "that messages are handled after the work is ready. Those that are waiting then stay in the channel."
            } else {
                "that all waiting messages are handled before the work is polled again."
            })
            .read(STARVATION)
        });
        check(messages.try_recv().is_ok(), || {
            Failure::new(
                "The last message that was handled has sent another one, which should stay in the channel; it is not \
                 there.",
            )
            .usually("that messages which are waiting at the end are received and not handled.")
            .read(BRANCHES)
        });
    });
}

/// Any number of messages are waiting, and the handler of one of them completes the work.
#[test]
fn messages_that_are_not_handled_stay_in_the_channel() {
    grade_cases(async |case| {
        let count = case.size("messages", 1..=300) as u32;
        let completes = case.number("message that completes the work", u64::from(count) - 1) as u32;
        let (tx, mut messages) = mpsc::channel(300);
        for message in 0..count {
            tx.try_send(message).expect("there is room");
        }
        let (done, ended) = tokio::sync::oneshot::channel::<()>();
        let (mut done, mut handled) = (Some(done), Vec::new());
        let handle = |message| {
            handled.push(message);
            if message == completes {
                done.take();
            }
        };
        work_with_deadline(ended, &mut messages, handle, ms(100)).await;
        let left: Vec<_> = std::iter::from_fn(|| messages.try_recv().ok()).collect();
        check(handled.iter().chain(&left).copied().eq(0..count), || {
            let shown = |messages: &[u32]| grading::list(messages.iter().map(u32::to_string));
            Failure::new(format!(
                "The messages from 0 to {} are waiting, and the handler of {completes} completes the work. Each one should be \
                 handled or stay in the channel, in order. Handled were {}, and left are {}.",
                count - 1,
                shown(&handled),
                shown(&left)
            ))
            .usually_if((handled.len() + left.len() < count as usize).then_some(
                "that several messages are received at once, and those that are not handled in the end are lost.",
            ))
            .read(DROPPED_SEND)
        });
    });
}

#[test]
fn the_limit_counts_from_the_first_poll() {
    grade(async || {
        let (_tx, mut messages) = mpsc::channel(1);
        let never = std::future::pending::<()>();
        let answer = work_with_deadline(never, &mut messages, |_| {}, ms(22));
        sleep(ms(10)).await;
        let clock = Clock::start();
        let _ = timeout(ms(1000), answer).await;
        let returned = clock.elapsed();
        check(returned == ms(22), || {
            let report = Failure::new(format!(
                "The future is created, and first polled 10 ms later. Counted from then, it should return at 22 ms; it was \
                 at {}.",
                in_ms(returned)
            ));
            if returned == ms(12) {
                report.usually(
                    "that the deadline is set when the function is called, and not when its future is first polled.",
                )
            } else {
                report
            }
            .read("gather-pitfalls.html#sleep-sets-its-deadline-when-it-is-created")
        });
    });
}

/// Any messages, at any times. Those that arrive at the very instant of the end may be handled or not.
#[test]
fn keeps_every_message_in_time() {
    grade_cases(async |case| {
        let count = case.size("messages", 0..=300);
        let gaps = case.whole_ms_each("times between them", count, 20);
        let numbers = case.numbers("numbers", count, u32::MAX.into());
        let (mut time, mut limit) = (
            case.duration("work", ms(2000)),
            case.duration("limit", ms(2000)),
        );
        let last: Duration = gaps.iter().sum();
        match *case.pick(
            "what ends at the last message",
            &["nothing", "the work", "the limit"],
        ) {
            "the work" => time = last,
            "the limit" => limit = last,
            _ => {}
        }
        let mut at = Duration::ZERO;
        let sent: Vec<_> = std::iter::zip(&numbers, &gaps)
            .map(|(number, gap)| {
                at += *gap;
                (number.to_string(), at)
            })
            .collect();
        let (tx, mut messages) = mpsc::channel(300);
        let sending = tx.clone();
        grading::spawn(async move {
            for (number, gap) in std::iter::zip(numbers, gaps) {
                if !gap.is_zero() {
                    sleep(gap).await;
                }
                let _ = sending.try_send(number as u32);
            }
        });
        let log = Log::start();
        let handle = |number: u32| log.record(number.to_string());
        let answer = Counted::new(work_with_deadline(
            sleep(time),
            &mut messages,
            handle,
            limit,
        ));
        let counts = answer.counts();
        let seen = answer.await;
        let (returned, closed) = (log.clock.elapsed(), tx.is_closed());
        let end = rounded_up(time.min(limit));
        let in_time = rounded_up(time) <= rounded_up(limit);
        counts.check_polls(2 * count + 10, BRANCHES);
        check(seen.is_some() == in_time && returned == end, || {
            Failure::new(format!(
                "The result should be {} at {}; it was {seen:?} at {}.",
                if in_time {
                    "the output of the work"
                } else {
                    "None"
                },
                in_ms(end),
                in_ms(returned)
            ))
            .read(DEADLINE)
        });
        let handled = log.entries();
        let before = sent.iter().filter(|(_, at)| *at < end).count();
        let should = |what: &str| {
            Failure::new(format!(
                "{what} Before the end, {}. These were handled: {}.",
                if before == 1 {
                    "1 message arrives".to_owned()
                } else {
                    format!("{before} messages arrive")
                },
                grading::list(
                    handled
                        .iter()
                        .map(|(number, at)| format!("{number} at {}", in_ms(*at)))
                )
            ))
            .read(BRANCHES)
        };
        check(
            handled.len() >= before && sent.starts_with(&handled),
            || should("Each message should be handled when it arrives, once and in order."),
        );
        sleep(ms(20 * 300)).await;
        let left = std::iter::from_fn(|| messages.try_recv().ok()).count();
        check(closed || handled.len() + left == count, || {
            should("What has not been handled at the end should stay in the channel; messages are missing.")
                .usually("that a message is received and not handled.")
        });
        check(!closed, || {
            Failure::new("The channel was open before the call; after the call it is closed.")
                .usually("that the answer calls `close`.")
                .read(BRANCHES)
        });
    });
}

#[test]
fn any_limit_is_kept() {
    for (limit, expected) in [(Duration::MAX, Some("report.csv")), (LONG, None)] {
        grade(async || {
            let clock = Clock::start();
            let (tx, mut messages) = mpsc::channel(MANY as usize);
            for message in 0..MANY {
                tx.try_send(message).expect("there is room");
            }
            let mut handled = 0;
            let work = async {
                match expected {
                    Some(output) => {
                        sleep(LONG).await;
                        output
                    }
                    None => std::future::pending().await,
                }
            };
            let seen = work_with_deadline(work, &mut messages, |_| handled += 1, limit).await;
            let returned = clock.elapsed();
            check((seen, returned, handled) == (expected, LONG, MANY), || {
                let limit = if limit == LONG {
                    in_ms(LONG)
                } else {
                    "`Duration::MAX`".to_owned()
                };
                Failure::new(format!(
                    "{MANY} messages are waiting, and the limit is {limit}. The function should handle all of them and return \
                     {expected:?} at {}; it handled {handled} and returned {seen:?} at {}.",
                    in_ms(LONG),
                    in_ms(returned)
                ))
                .read(DEADLINE)
            });
        });
    }
}

/// A limit that is built into an answer is hardly ever higher.
const MANY: u32 = 5_000;

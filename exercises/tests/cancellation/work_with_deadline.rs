//! `work_with_deadline`: a piece of work, a channel of messages, and a deadline.

use super::*;
use exercises::cancellation::work_with_deadline;
use grading::Counted;

/// Work of `time` in two steps. It records when it starts and ends.
async fn work(log: Log, time: u64) -> &'static str {
    log.record("work starts");
    sleep(ms(time) / 2).await;
    sleep(ms(time) / 2).await;
    log.record("work ends");
    "report.csv"
}

/// A message every 5 ms, six in all.
fn six_messages() -> mpsc::Receiver<u32> {
    let (tx, rx) = mpsc::channel(100);
    tokio::spawn(async move {
        for message in 1..=6 {
            sleep(ms(5)).await;
            let _ = tx.send(message).await;
        }
        sleep(ms(1000)).await;
    });
    rx
}

#[test]
fn returns_the_output_of_the_work() {
    grade(async || {
        let (log, mut messages) = (Log::start(), six_messages());
        let clock = Clock::start();
        let seen = work_with_deadline(work(log, 24), &mut messages, |_| {}, ms(100)).await;
        let at = clock.elapsed();
        check(seen == Some("report.csv") && at == ms(24), || {
            Failure::new(format!(
                "The work takes 24 ms, and a message arrives every 5 ms. The result should be `Some(\"report.csv\")` \
                 at 24 ms; it was {seen:?} at {}.",
                in_ms(at)
            ))
            .usually(
                "that a message drops the work. Create it before the loop, pin it, and use `&mut work` in the branch.",
            )
            .read(START_OVER)
        });
    });
}

#[test]
fn handles_each_message_when_it_arrives() {
    grade(async || {
        let (log, mut messages) = (Log::start(), six_messages());
        let record = |message| log.record(format!("message {message}"));
        let never = std::future::pending::<()>();
        work_with_deadline(never, &mut messages, record, ms(22)).await;
        let expected: Vec<_> = (1..=4)
            .map(|n| (format!("message {n}"), ms(5 * n)))
            .collect();
        check(log.entries() == expected, || {
            Failure::new(format!(
                "Messages arrive at 5, 10, 15 and 20 ms, and each should be handled then. These were handled: {}.",
                log.describe()
            ))
            .usually(
                "that the channel is not polled while the answer awaits the work, or that the loop ends after one \
                 message.",
            )
            .read(BRANCHES)
        });
    });
}

#[test]
fn a_message_does_not_move_the_deadline() {
    grade(async || {
        let mut messages = six_messages();
        let clock = Clock::start();
        let never = std::future::pending::<()>();
        let seen = work_with_deadline(never, &mut messages, |_| {}, ms(22)).await;
        check(seen.is_none(), || {
            Failure::new("Work that is never ready should result in `None` at the deadline.")
                .read(DEADLINE)
        });
        check_instant(
            clock.elapsed(),
            ms(22),
            "The deadline is 22 ms after the first poll, and the function should return",
            "that every iteration creates a new `sleep`, so that each message restarts the time limit.",
            NEW_TIMEOUT,
        );
    });
}

#[test]
fn work_that_is_ready_at_the_deadline_counts() {
    // Often enough to find an answer that leaves it to chance.
    for time in [20; 20] {
        grade(async || {
            let (log, mut messages) = (Log::start(), six_messages());
            let seen = work_with_deadline(work(log, time), &mut messages, |_| {}, ms(time)).await;
            check(seen.is_some(), || {
                Failure::new(format!(
                    "The work is ready at {time} ms, at the instant of the deadline. Its output should be returned; \
                     the result was {seen:?}."
                ))
                .usually(
                    "that the deadline is polled before the work, or in random order. With `biased;` the order of \
                     the branches decides.",
                )
                .read(BIASED)
            });
        });
    }
}

#[test]
fn the_work_goes_on_when_the_channel_is_closed() {
    grade(async || {
        let log = Log::start();
        let (tx, mut messages) = mpsc::channel(1);
        drop(tx);
        let clock = Clock::start();
        let answer = work_with_deadline(work(log, 24), &mut messages, |_| {}, ms(100));
        let answer = Counted::new(answer);
        let counts = answer.counts();
        let seen = answer.await;
        let at = clock.elapsed();
        check(
            seen.is_some() && at == ms(24) && counts.polls() < 10,
            || {
                Failure::new(format!(
                    "The channel is closed. The output of the work should be returned all the same, at 24 ms and \
                     within a few polls; the result was {seen:?} at {}, after {} polls.",
                    in_ms(at),
                    counts.polls()
                ))
                .usually(
                    "that `None` from `recv` ends the answer, or is received again and again. The pattern \
                     `Some(..)` disables its branch when it does not match.",
                )
                .read(NO_MATCH)
            },
        );
    });
}

#[test]
fn the_work_is_dropped_at_the_deadline() {
    grade(async || {
        let (tasks, alive) = (Tasks::baseline(), Gauge::new());
        let (_tx, mut messages) = mpsc::channel(1);
        let guard = alive.enter();
        let work = async move {
            let _alive = guard;
            sleep(ms(50)).await;
        };
        work_with_deadline(work, &mut messages, |_| {}, ms(22)).await;
        check_nothing_left(
            tasks,
            &alive,
            "When the function has returned at the deadline,",
        )
        .await;
    });
}

#[test]
fn loses_no_message_when_dropped() {
    drop_at_every_await(
        async || {
            let (log, alive) = (Log::start(), Gauge::new());
            let messages = Arc::new(tokio::sync::Mutex::new(six_messages()));
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
        let (tx, mut messages) = mpsc::channel::<u32>(1);
        tokio::spawn(async move {
            sleep(ms(10)).await;
            drop(tx);
        });
        let clock = Clock::start();
        let never = std::future::pending::<()>();
        let answer = work_with_deadline(never, &mut messages, |_| {}, ms(22));
        let seen = timeout(ms(1000), answer).await;
        let at = clock.elapsed();
        check(seen == Ok(None) && at == ms(22), || {
            let outcome = match seen {
                Ok(_) => "it returned",
                Err(_) => "it had not returned",
            };
            Failure::new(format!(
                "The channel is closed at 10 ms, and the work is never ready. The result should be `None` at the \
                 deadline, 22 ms; {outcome} at {}.",
                in_ms(at)
            ))
            .usually(
                "that the work is awaited alone once the channel is closed, without the deadline or with a new one.",
            )
            .read(DEADLINE)
        });
    });
}

#[test]
fn endless_messages_do_not_delay_the_deadline() {
    grade(async || {
        let (tx, mut messages) = mpsc::channel(1);
        let _ = tx.try_send(1);
        let mut handled = 0;
        let send_another = |message| {
            handled = message;
            if handled < 1000 {
                let _ = tx.try_send(message + 1);
            }
        };
        let never = std::future::pending::<()>();
        work_with_deadline(never, &mut messages, send_another, ms(0)).await;
        check(handled < 1000, || {
            Failure::new(
                "The handler of each message sends the next one, and the deadline is at 0 ms. The result should be \
                 `None` at once; 1000 messages were handled first.",
            )
            .usually(
                "that the channel is polled first. With `biased;`, a branch that is always ready starves those \
                 below it.",
            )
            .read(STARVATION)
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
        answer.await;
        check_instant(
            clock.elapsed(),
            ms(22),
            "The future is created, and first polled 10 ms later. Counted from then, it should return",
            "that the deadline is set when the function is called, and not when its future is first polled.",
            "gather-pitfalls.html#sleep-sets-its-deadline-when-it-is-created",
        );
    });
}

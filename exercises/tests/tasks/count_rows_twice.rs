//! `count_rows_twice`: a connection that is not `Send`, used by a future that is.

use super::*;
use exercises::tasks::count_rows_twice;
use grading::not_send::Table;
use tokio::sync::OnceCell;

#[test]
fn the_future_is_send() {
    grade(async || {
        let table = Table::with_rows(200);
        let answer = count_rows_twice(&table, ms(30));
        let send = is_send!(answer);
        let _ = answer.await;
        check(send, || {
            Failure::new(
                "The future of `count_rows_twice` should be `Send`; it is not, so no handler that awaits it can be spawned.",
            )
            .usually(
                "that a `Connection` is alive at the `.await`. If a method borrowed it before, `drop` does not change \
                 that. Use it inside a block, or in one statement: a temporary is dropped at the end of its statement.",
            )
            .read("tasks-send-bound.html#drop-before-the-await-and-borrows")
        });
    });
}

/// Whether the answer blocks the thread and does not wait. It is tried once, for a time that no poll takes, also if the machine
/// is busy.
async fn blocks_the_thread() -> bool {
    static BLOCKS: OnceCell<bool> = OnceCell::const_new();
    let blocks = BLOCKS.get_or_init(async || {
        let (table, clock) = (Table::with_rows(200), Clock::start());
        let started = std::time::Instant::now();
        let _ = count_rows_twice(&table, ms(400)).await;
        clock.elapsed().is_zero() && started.elapsed() >= ms(400)
    });
    *blocks.await
}

#[test]
fn counts_before_and_after() {
    grade_cases(async |case| {
        let rows = case.number("rows", 1_000_000_000) as u32;
        let interval = case.duration("interval", Duration::from_secs(3_000));
        let table = Table::with_rows(rows);
        // Nothing is counted before the future is polled. The table may still be empty then.
        let answer = count_rows_twice(&table, interval);
        let unpolled = *case.pick("not polled for, in ms", &[0, 5]);
        sleep(ms(unpolled.into())).await;
        let clock = Clock::start();
        let seen = answer.await;
        let has_waited = clock.elapsed() == rounded_up(interval);
        let is_one_count = seen.0 == seen.1 && !interval.is_zero();
        let blocked = is_one_count && !has_waited && blocks_the_thread().await;
        let before = rows + unpolled;
        let added = rounded_up(interval).as_millis() as u32;
        let expected = (before, before + added);
        // A second of 1000 rows is not cut off where a fraction of it is.
        let counts_seconds = seen != expected && {
            let (a, b) = count_rows_twice(&table, Duration::from_secs(1)).await;
            b.checked_sub(a) == Some(1000)
        };
        check(seen == expected, || {
            let failure = Failure::new(format!(
                "A table with {before} rows, to which one row is added each millisecond, should be counted as \
                     {expected:?} with {} in between; it was {seen:?}.",
                in_ms(interval)
            ));
            match seen {
                    (a, b) if a == b && counts_seconds => failure
                        .usually("that `interval` is converted to whole seconds or milliseconds, and the rest is lost."),
                    (a, b) if a == b && blocked => failure
                        .usually("that the wait blocks the thread, which stops the runtime's clock.")
                        .read("event-loop-blocking.html"),
                    (a, b) if a == b && added > 0 && has_waited => failure
                        .usually(
                            "that both counts were taken at the same instant, or that the first one is returned twice. The \
                             second is taken after the wait.",
                        ),
                    (a, b) if a == b && added > 0 => failure
                        .usually(
                            "that both counts were taken at the same instant: the wait between them is missing, or its \
                             future is not awaited.",
                        )
                        .read("event-loop.html#calling-an-async-function-does-nothing"),
                    (a, b) if unpolled > 0 && a == rows && b == expected.1 => failure
                        .usually("that the first count is taken before the future is polled."),
                    (a, b) if b.checked_sub(a) == expected.1.checked_sub(before) => failure
                        .usually("that the first count is late. Take it before the wait."),
                    (a, b) if (b, a) == expected => {
                        failure.usually("that the two counts are in the wrong order.")
                    }
                    _ => failure,
                }
        });
    });
}

#[test]
fn takes_as_long_as_the_interval() {
    grade(async || {
        let (table, clock) = (Table::with_rows(200), Clock::start());
        let _ = count_rows_twice(&table, ms(30)).await;
        let took = clock.elapsed();
        let blocked = took.is_zero() && blocks_the_thread().await;
        check(took == ms(30), || {
            let failure = Failure::new(format!(
                "With an interval of 30 ms the function should take 30 ms; it took {}.",
                in_ms(took)
            ));
            if took.is_zero() && blocked {
                failure
                    .usually("that the wait blocks the thread, which stops the runtime's clock.")
                    .read("event-loop-blocking.html")
            } else if took.is_zero() {
                failure
                    .usually(
                        "that the wait is missing, or that its future was created and not awaited.",
                    )
                    .read("event-loop.html#calling-an-async-function-does-nothing")
            } else {
                failure.usually(
                    "that the answer does not wait once between the two counts, for `interval`.",
                )
            }
        });
    });
}

#[test]
fn long_intervals_are_waited_for() {
    grade_cases(async |case| {
        // The number of rows fits into a `u32` for 49 days.
        let most = Duration::from_secs(45 * 24 * 3600);
        let interval = case.long_time("interval").min(most);
        let (table, clock) = (Table::with_rows(200), Clock::start());
        let _ = count_rows_twice(&table, interval).await;
        let took = clock.elapsed();
        check(took == interval, || {
            Failure::new(format!(
                "With an interval of {} the function should take as long; it took {}.",
                in_ms(interval),
                in_ms(took)
            ))
            .usually_if(
                (took < interval)
                    .then_some("that the wait is limited. The interval may have any length."),
            )
        });
    });
}

#[test]
fn waits_however_long_the_interval_is() {
    grade(async || {
        let table = Table::with_rows(200);
        let seen = tokio::time::timeout(ms(30), count_rows_twice(&table, Duration::MAX)).await;
        check(seen.is_err(), || {
            Failure::new(format!(
                "With an interval of `Duration::MAX` the function should still be waiting after 30 ms; it had \
                 returned {:?}.",
                seen.unwrap_or_default()
            ))
            .usually("that the interval is converted to a smaller type, or added to an instant, where it overflows.")
        });
    });
}

//! `without_futurelock`: two futures that need the same connection, in one task.

use super::*;
use exercises::cancellation::without_futurelock;

type Connection = tokio::sync::Mutex<()>;

/// Uses the connection for `time`, once it has the lock.
async fn with_connection(connection: &Connection, log: &Log, name: &str, time: u64) {
    log.record(format!("{name} starts"));
    let _connection = connection.lock().await;
    sleep(ms(time)).await;
    log.record(format!("{name} ends"));
}

/// Needs no connection.
async fn on_its_own(log: &Log, name: &str, time: u64) {
    log.record(format!("{name} starts"));
    sleep(ms(time)).await;
    log.record(format!("{name} ends"));
}

fn check_log(log: &Log, expected: &[(&str, u64)], usually: &str, page: &str) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(event, at)| ((*event).to_owned(), ms(*at)))
        .collect();
    check(log.entries() == expected, || {
        Failure::new(format!(
            "Expected: {}. Seen: {}.",
            describe(&expected),
            log.describe()
        ))
        .usually(usually)
        .read(page)
    });
}

#[test]
fn a_quick_query_needs_no_report() {
    grade(async || {
        let (connection, log) = (Connection::default(), Log::start());
        let query = async {
            with_connection(&connection, &log, "query", 8).await;
            "3 rows"
        };
        let report = with_connection(&connection, &log, "report", 5);
        let output = without_futurelock(query, ms(10), report).await;
        check(output == "3 rows", || {
            Failure::new("The function should return the output of `query`.")
        });
        log.record("returns");
        let expected = [("query starts", 0), ("query ends", 8), ("returns", 8)];
        check_log(
            &log,
            &expected,
            "that `report` runs in any case, or starts together with `query`.",
            BRANCHES,
        );
    });
}

#[test]
fn waits_for_both_when_the_query_has_the_connection() {
    grade(async || {
        let (connection, log) = (Connection::default(), Log::start());
        let query = with_connection(&connection, &log, "query", 40);
        let report = with_connection(&connection, &log, "report", 5);
        without_futurelock(query, ms(10), report).await;
        log.record("returns");
        let expected = [
            ("query starts", 0),
            ("report starts", 10),
            ("query ends", 40),
            ("report ends", 45),
            ("returns", 45),
        ];
        let query_ended = log.count("query ends") > 0;
        let report_ended = log.count("report ends") > 0;
        let usually = if query_ended && !report_ended {
            "that `report` is dropped when `query` is ready. It has to be awaited as well."
        } else {
            "that `query` is dropped, or not polled, once `slow_after` is over. It has to be polled along with `report`."
        };
        check_log(&log, &expected, usually, FUTURELOCK_CURES);
    });
}

/// Another future holds the connection until 30 ms. Then the lock is given to `query`, which is first in the queue,
/// while `report` waits for it.
#[test]
fn does_not_hang_when_the_lock_is_given_to_the_query() {
    grade(async || {
        let (connection, log) = (Connection::default(), Log::start());
        let other = async {
            let _connection = connection.lock().await;
            sleep(ms(30)).await;
        };
        let answer = async {
            let query = with_connection(&connection, &log, "query", 20);
            let report = with_connection(&connection, &log, "report", 5);
            let answer = without_futurelock(query, ms(10), report);
            let in_time = timeout(ms(1000), answer).await.is_ok();
            check(in_time, || {
                Failure::new(
                    "At 30 ms the lock is given to `query`, which is first in its queue, and at 50 ms to `report`. The \
                     function should return at 55 ms; at 1000 ms it had not returned.",
                )
                .usually(
                    "a futurelock: `report` is awaited alone, and waits for a lock that has been given to `query`, \
                     which is not polled.",
                )
                .read(FUTURELOCK)
            });
            log.record("returns");
        };
        tokio::join!(biased; other, answer);
        let expected = [
            ("query starts", 0),
            ("report starts", 10),
            ("query ends", 50),
            ("report ends", 55),
            ("returns", 55),
        ];
        check_log(
            &log,
            &expected,
            "that `query` or `report` was dropped and lost its place in the queue of the lock.",
            FUTURELOCK_CURES,
        );
    });
}

#[test]
fn both_run_concurrently() {
    for (query, report, end) in [(100, 20, 100), (20, 50, 60), (30, 20, 30)] {
        grade(async || {
            let log = Log::start();
            let answer = without_futurelock(
                on_its_own(&log, "query", query),
                ms(10),
                on_its_own(&log, "report", report),
            );
            answer.await;
            check_instant(
                log.clock.elapsed(),
                ms(end),
                &format!(
                    "With a query of {query} ms, and a report of {report} ms that starts at 10 ms, the function should \
                     return"
                ),
                "that one of them waits for the other, or is not awaited.",
                FUTURELOCK_CURES,
            );
            let seen = ["query starts", "query ends", "report starts", "report ends"]
                .map(|event| log.count(event));
            check(seen == [1; 4], || {
                Failure::new(format!(
                    "Each of the two should start once and end once. Seen: {}.",
                    log.describe()
                ))
                .usually("that one of them was dropped before it was ready.")
                .read(FUTURELOCK_CURES)
            });
        });
    }
}

#[test]
fn drops_both_when_dropped() {
    drop_at_every_await(
        async || {
            let (alive, tasks) = (Gauge::new(), Tasks::baseline());
            let part = |time| {
                let alive = alive.clone();
                async move {
                    let _alive = alive.enter();
                    sleep(ms(time)).await;
                    sleep(ms(time)).await;
                }
            };
            (
                without_futurelock(part(20), ms(10), part(15)),
                (tasks, alive),
            )
        },
        async |(tasks, alive)| {
            check_nothing_left(tasks, &alive, "When the future is dropped,").await;
        },
    );
}

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

fn check_log(log: &Log, expected: &[(&str, u64)], usually: Option<&str>, page: &str) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(event, at)| ((*event).to_owned(), ms(*at)))
        .collect();
    check(log.entries() == expected, || {
        let report = Failure::new(format!(
            "Expected: {}. Seen: {}.",
            describe(&expected),
            log.describe()
        ));
        match usually {
            Some(usually) => report.usually(usually),
            None => report,
        }
        .read(page)
    });
}

#[test]
fn a_quick_query_needs_no_report() {
    for slow_after in [ms(10), Duration::MAX] {
        grade_quick_query(slow_after);
    }
}

fn grade_quick_query(slow_after: Duration) {
    grade(async || {
        let (connection, log) = (Connection::default(), Log::start());
        let query = async {
            with_connection(&connection, &log, "query", 8).await;
            "3 rows"
        };
        let report = with_connection(&connection, &log, "report", 5);
        let output = without_futurelock(query, slow_after, report).await;
        check(output == "3 rows", || {
            Failure::new("The function should return the output of `query`.")
        });
        log.record("returns");
        let expected = [("query starts", 0), ("query ends", 8), ("returns", 8)];
        let reported = report_of_long_query().await;
        let usually = match log.times_of("report starts")[..] {
            _ if log.times_of("query starts") != [Duration::ZERO] => {
                Some("that `query` is not polled before `slow_after`.")
            }
            [at] if at.is_zero() && reported == Some(ms(1000)) => {
                Some("that `slow_after` is rounded down to whole seconds.")
            }
            [at] if at.is_zero() && reported == Some(Duration::ZERO) => {
                Some("that `report` starts together with `query`.")
            }
            [at] if at >= ms(8) => Some("that `report` runs in any case, after `query` as well."),
            _ => None,
        };
        check_log(&log, &expected, usually, BRANCHES);
    });
}

/// When the report starts, if the query takes 3 s, and is slow after 1.5 s.
async fn report_of_long_query() -> Option<Duration> {
    let log = Log::start();
    let query = on_its_own(&log, "query", 3000);
    without_futurelock(query, ms(1500), on_its_own(&log, "report", 5)).await;
    log.times_of("report starts").first().copied()
}

#[test]
fn a_long_wait_before_the_report_is_no_exception() {
    grade_cases(async |case| {
        let long = *case.pick("what takes long", &["the wait", "the query", "the report"]);
        let extra = case.long_time("extra time").as_millis() as u64;
        let time = |what, time| if what == long { time + extra } else { time };
        let slow_after = time("the wait", 10);
        let query = slow_after + time("the query", 20);
        let report = time("the report", 30);
        let log = Log::start();
        without_futurelock(
            on_its_own(&log, "query", query),
            ms(slow_after),
            on_its_own(&log, "report", report),
        )
        .await;
        log.record("returns");
        let mut expected = [
            ("query starts", 0),
            ("report starts", slow_after),
            ("query ends", query),
            ("report ends", slow_after + report),
            ("returns", query.max(slow_after + report)),
        ];
        expected.sort_by_key(|(_, at)| *at);
        check_log(&log, &expected, None, BRANCHES);
    });
}

#[test]
fn calls_do_not_wait_for_each_other() {
    grade(async || {
        let log = Log::start();
        let call = async |name: &str| {
            let query = on_its_own(&log, "query", 20);
            let report = on_its_own(&log, "report", 30);
            without_futurelock(query, ms(10), report).await;
            log.record(name);
        };
        tokio::join!(call("the first returns"), call("the second returns"));
        for name in ["the first returns", "the second returns"] {
            check(log.times_of(name) == [ms(40)], || {
                Failure::new(format!(
                    "Two calls run at the same time and share nothing; both should return at 40 ms. Seen: {}.",
                    log.describe()
                ))
                .usually("that the two calls share something, such as a lock in a `static`.")
                .read(BRANCHES)
            });
        }
    });
}

#[test]
fn waits_without_polling() {
    grade(async || {
        let log = Log::start();
        let answer = Counted::new(without_futurelock(
            on_its_own(&log, "query", 400),
            ms(500),
            on_its_own(&log, "report", 5),
        ));
        let counts = answer.counts();
        answer.await;
        counts.check_polls(10, BRANCHES);
    });
}

#[test]
fn waits_for_both_when_the_query_has_the_connection() {
    grade(async || {
        let (connection, log) = (Connection::default(), Log::start());
        let query = with_connection(&connection, &log, "query", 40);
        let report = with_connection(&connection, &log, "report", 5);
        if timeout(ms(1000), without_futurelock(query, ms(10), report))
            .await
            .is_ok()
        {
            log.record("returns");
        }
        let expected = [
            ("query starts", 0),
            ("report starts", 10),
            ("query ends", 40),
            ("report ends", 45),
            ("returns", 45),
        ];
        let started = !log.times_of("report starts").is_empty();
        let report_ended = log.count("report ends") > 0;
        let usually = if started && !report_ended {
            Some("that `report` is dropped when `query` is ready. It has to be awaited as well.")
        } else if log.times_of("report starts") == [ms(40)] {
            Some("that `report` starts only when `query` is ready. They run concurrently.")
        } else {
            None
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
                    "a futurelock: `report` waits for a lock that has been given to `query`, which is not polled.",
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
        check_log(&log, &expected, None, FUTURELOCK_CURES);
    });
}

/// What a future does, in order. Each step takes its time in ms.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Without the connection
    Alone(u64),
    /// With it, once it has the lock
    Connected(u64),
}

impl Step {
    fn is_connected(&self) -> bool {
        matches!(self, Self::Connected(_))
    }
}

/// Up to five steps. The first one is without the connection, so that the first poll tells nothing yet.
fn drawn_steps(case: &grading::Case, name: &str) -> Vec<Step> {
    let count = case.size(&format!("steps of the {name}"), 1..=5);
    let times = case.whole_ms_each(&format!("times of the {name}"), count, 2000);
    let connected = case.numbers(&format!("with the connection ({name})"), count, 1);
    let steps = std::iter::zip(times, connected).map(|(time, connected)| {
        let time = time.as_millis() as u64;
        match connected {
            0 => Step::Alone(time),
            _ => Step::Connected(time),
        }
    });
    steps.collect()
}

async fn steps(connection: &Connection, log: &Log, name: &str, steps: &[Step]) {
    log.record(format!("{name} starts"));
    for step in steps {
        match *step {
            Step::Alone(time) => sleep(ms(time)).await,
            Step::Connected(time) => {
                let _connection = connection.lock().await;
                sleep(ms(time)).await;
            }
        }
    }
    log.record(format!("{name} ends"));
}

/// What a right answer records. At one instant, the query is polled first, or the report.
async fn expected(query: &[Step], slow_after: Duration, report: &[Step], query_first: bool) -> Log {
    let (connection, log) = (Connection::default(), Log::start());
    let recorded = log.clone();
    let mut query = std::pin::pin!(steps(&connection, &recorded, "query", query));
    if timeout(slow_after, &mut query).await.is_err() {
        let report = steps(&connection, &log, "report", report);
        if query_first {
            tokio::join!(biased; query, report);
        } else {
            tokio::join!(biased; report, query);
        }
    }
    log.record("returns");
    log
}

/// What a right answer records, if the report starts at once and is polled even before the query.
async fn report_polled_first(query: &[Step], report: &[Step]) -> Log {
    let (connection, log) = (Connection::default(), Log::start());
    let report = steps(&connection, &log, "report", report);
    let query = steps(&connection, &log, "query", query);
    tokio::join!(biased; report, query);
    log.record("returns");
    log
}

/// The entries of one instant in the order of their names.
fn sorted(log: &Log) -> Vec<(String, Duration)> {
    let mut entries = log.entries();
    entries.sort_by_key(|(event, at)| (*at, event.clone()));
    entries
}

/// Whatever both do with the connection.
#[test]
fn both_run_concurrently() {
    grade_cases(async |case| {
        let slow_after = case.duration("slow_after", ms(100));
        let (query, report_steps) = (drawn_steps(&case, "query"), drawn_steps(&case, "report"));
        let first = expected(&query, slow_after, &report_steps, true).await;
        let second = expected(&query, slow_after, &report_steps, false).await;
        let mut depends_on_the_order = sorted(&first) != sorted(&second);
        if slow_after.is_zero() {
            let third = report_polled_first(&query, &report_steps).await;
            depends_on_the_order |= sorted(&first) != sorted(&third);
        }
        let expected = first;
        let ends_at_slow_after = expected.times_of("query ends") == [rounded_up(slow_after)];
        if depends_on_the_order || ends_at_slow_after {
            return;
        }
        let (connection, log) = (Connection::default(), Log::start());
        let answer = without_futurelock(
            steps(&connection, &log, "query", &query),
            slow_after,
            steps(&connection, &log, "report", &report_steps),
        );
        let answer = Counted::new(timeout(ms(60_000), answer));
        let polls = answer.counts();
        if answer.await.is_ok() {
            log.record("returns");
        }
        check(sorted(&log) == sorted(&expected), || {
            let report = Failure::new(format!(
                "Expected: {}. Seen: {}.",
                expected.describe(),
                log.describe()
            ));
            if log.count("returns") == 0 {
                let share = [&query, &report_steps].map(|steps| steps.iter().any(Step::is_connected));
                report.usually(match share {
                    [true, true] => {
                        "that the function waits for one of the two and does not poll the other, which has the lock or is \
                         next in its queue."
                    }
                    _ => {
                        "that the function does not poll one of the two, although it was woken. Poll both in each poll, until each \
                         is ready."
                    }
                })
            } else if log.count("report starts") == 1 && log.count("report ends") == 0 {
                report.usually("that `report` is dropped before it is ready.")
            } else {
                report
            }
            .read(FUTURELOCK_CURES)
        });
        polls.check_polls(40, FUTURELOCK_CURES);
    });
}

#[test]
fn slow_after_counts_from_the_first_poll() {
    grade(async || {
        let log = Log::start();
        let answer = without_futurelock(
            on_its_own(&log, "query", 50),
            ms(20),
            on_its_own(&log, "report", 5),
        );
        sleep(ms(10)).await;
        answer.await;
        let started = log.times_of("report starts");
        check(started == [ms(30)], || {
            let report = Failure::new(format!(
                "The future is created at 0 ms, and first polled at 10 ms. 20 ms later, at 30 ms, `report` should start. \
                 Seen: {}.",
                log.describe()
            ));
            if started == [ms(20)] {
                report
                    .usually("that the time is counted from the call, and not from the first poll.")
            } else {
                report
            }
            .read("gather-pitfalls.html#sleep-sets-its-deadline-when-it-is-created")
        });
    });
}

#[test]
fn drops_both_when_dropped() {
    drop_at_every_await(
        async || {
            let (alive, tasks) = (Gauge::new(), Tasks::baseline());
            let part = |time| {
                let guard = alive.enter();
                async move {
                    let _alive = guard;
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

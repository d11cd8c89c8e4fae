//! `transaction`: one commit or one rollback, on every path.

use std::panic::{AssertUnwindSafe, resume_unwind};

use super::*;
use exercises::cleanup::{Database, DbError, transaction};
use futures::FutureExt;
use grading::await_and_keep;

type AsyncMutex<T> = tokio::sync::Mutex<T>;

/// A call of the database, or of the work, and whether it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Begin,
    Begun,
    Work,
    Worked,
    Commit,
    Committed,
    Rollback,
    RolledBack,
}

use Event::*;

/// What a call takes, and whether it fails.
#[derive(Debug, Clone, Copy)]
struct Call {
    takes: Duration,
    fails: bool,
}

impl Call {
    fn ok(takes: Duration) -> Self {
        Self {
            takes,
            fails: false,
        }
    }

    fn fails(takes: Duration) -> Self {
        Self { takes, fails: true }
    }

    async fn run(self, log: &Log<Event>, from: Event, to: Event) -> Result<(), DbError> {
        log.add(from);
        take(self.takes).await;
        log.add(to);
        match self.fails {
            true => Err(error(from)),
            false => Ok(()),
        }
    }
}

fn error(of: Event) -> DbError {
    DbError(format!("{} failed", word(&of)))
}

#[derive(Clone)]
struct Fake {
    log: Log<Event>,
    begin: Call,
    commit: Call,
    rollback: Call,
}

impl Database for Fake {
    async fn begin(&mut self) -> Result<(), DbError> {
        self.begin.run(&self.log, Begin, Begun).await
    }

    async fn commit(&mut self) -> Result<(), DbError> {
        self.commit.run(&self.log, Commit, Committed).await
    }

    async fn rollback(&mut self) -> Result<(), DbError> {
        self.rollback.run(&self.log, Rollback, RolledBack).await
    }
}

impl Fake {
    fn new() -> Self {
        Self {
            log: Log::start(),
            begin: Call::ok(ms(20)),
            commit: Call::ok(ms(20)),
            rollback: Call::ok(ms(20)),
        }
    }

    fn drawn(case: &Case) -> Self {
        let [begin, commit, rollback] =
            ["begin", "commit", "rollback"].map(|name| Call::ok(case.whole_ms(name, 50)));
        Self {
            log: Log::start(),
            begin,
            commit,
            rollback,
        }
    }

    /// Sometimes one of the calls takes long.
    fn drawn_slow(case: &Case) -> Self {
        let mut fake = Self::drawn(case);
        let slow = match *case.pick(
            "slow",
            &["none", "none", "none", "begin", "commit", "rollback"],
        ) {
            "begin" => &mut fake.begin,
            "commit" => &mut fake.commit,
            "rollback" => &mut fake.rollback,
            _ => return fake,
        };
        slow.takes += case.long_time("it takes longer by");
        fake
    }

    fn shared(&self) -> Arc<AsyncMutex<Self>> {
        Arc::new(AsyncMutex::new(self.clone()))
    }
}

fn word(event: &Event) -> String {
    let word = match event {
        Begin => "begin",
        Begun => "begin ends",
        Work => "work",
        Worked => "work ends",
        Commit => "commit",
        Committed => "commit ends",
        Rollback => "rollback",
        RolledBack => "rollback ends",
    };
    word.to_owned()
}

/// Runs a transaction whose work returns a number, or fails.
async fn run(
    database: &Arc<AsyncMutex<Fake>>,
    tasks: &TaskTracker,
    work: Call,
) -> Result<u32, DbError> {
    transaction(database, tasks, async |database: &mut Fake| {
        let log = database.log.clone();
        work.run(&log, Work, Worked).await?;
        Ok(7)
    })
    .await
}

/// The instants of these pairs of a call and its end, one after the other.
fn in_turn(calls: &[(Event, Event, Duration)]) -> Vec<(Duration, Event)> {
    let mut now = Duration::ZERO;
    let mut expected = Vec::new();
    for (from, to, takes) in calls {
        expected.push((now, *from));
        now += *takes;
        expected.push((now, *to));
    }
    expected
}

/// Compares all calls, and the result and its instant.
fn check_run(
    log: &Log<Event>,
    result: &Result<u32, DbError>,
    expected: &[(Event, Event, Duration)],
    expected_result: &Result<u32, DbError>,
    given: &str,
    rollback_fails: bool,
) {
    let (at, seen, expected) = (log.clock().elapsed(), log.entries(), in_turn(expected));
    let (commits, rollbacks) = (log.count(&Commit), log.count(&Rollback));
    check(seen == expected, || {
        let report = Failure::new(format!(
            "{given} the calls should be {}; they were {}.",
            shown(&expected, word),
            shown(&seen, word)
        ));
        let should_roll_back = expected.iter().any(|(_, event)| *event == Rollback);
        let rolled_back = log.times_of(&RolledBack).first().copied();
        let again = log.times_of(&Rollback).get(1).copied();
        if rollbacks > 1 && rollback_fails && again >= rolled_back {
            report.usually("that a rollback which has failed is called again. It is called once, whatever comes of it.")
        } else if rollbacks > 1 {
            report.usually(
                "that the rollback is called by the function and again by a destructor, which does not know about the first.",
            )
        } else if rollbacks == 1 && !should_roll_back && commits == 1 {
            report.usually(
                "that a destructor rolls back although the transaction is committed. Tell it that there is nothing left to do.",
            )
        } else if rollbacks == 1 && !should_roll_back {
            report.usually("that a transaction is rolled back that has not begun.")
        } else if expected.starts_with(&seen) && seen.last().is_some_and(|(_, event)| *event == Commit) {
            report.usually("that the function does not wait for the end of `commit`.")
        } else if rollbacks == 0 && should_roll_back && commits == 1 {
            report.usually("that an error of `commit` is returned without a rollback.")
        } else if rollbacks == 0 && should_roll_back {
            report.usually(
                "that a `?` leaves the function before the rollback, or that it is left to a task that the function does not \
                 wait for.",
            )
        } else {
            report
        }
        .read(HAND_OVER)
    });
    let last = expected.last().map(|(at, _)| *at).unwrap_or_default();
    check(result == expected_result && at == last, || {
        Failure::new(format!(
            "{given} the result should be {expected_result:?} at {}; it was {result:?} at {}.",
            in_ms(last),
            in_ms(at)
        ))
        .usually(if at < last {
            "that the function does not wait for the end of the transaction."
        } else if at > last {
            "that something else is awaited, such as all tasks of the tracker."
        } else {
            "that an error of the cleanup replaces the one that was its cause, or that an error is ignored."
        })
        .read(HAND_OVER)
    });
}

/// After the function has returned, a while later `rollback` should still have been called as often as `expected`, and the
/// database should not have been locked when it returned.
async fn check_afterwards(log: &Log<Event>, database: &AsyncMutex<Fake>, expected: usize) {
    let is_free = database.try_lock().is_ok();
    sleep(ms(200)).await;
    let rollbacks = log.count(&Rollback);
    check(rollbacks == expected, || {
        Failure::new(format!(
            "Some time after the function has returned, `rollback` should {}; it was called {}. The calls were {}.",
            match expected {
                0 => "not have been called".to_owned(),
                _ => format!("have been called {}", times(expected)),
            },
            times(rollbacks),
            shown(&log.entries(), word)
        ))
        .usually(if log.count(&Commit) > 0 {
            "that a destructor rolls back although the transaction is committed. Tell it that there is nothing left to do."
        } else if expected == 0 {
            "that the destructor of the transaction does not know that `begin` has failed."
        } else {
            "that the rollback is called by the function and again by a destructor, which does not know about the first."
        })
        .read(HAND_OVER)
    });
    check(is_free, || {
        Failure::new("When the function has returned, the database should not be locked; it is.")
            .usually(
                "that a task or a forgotten guard still holds the lock of a transaction that is over.",
            )
            .read(HAND_OVER)
    });
}

#[test]
fn commits_if_the_work_succeeds() {
    grade_cases(async |case| {
        let fake = Fake::drawn_slow(&case);
        let work = Call::ok(case.whole_ms("work", 50));
        let (database, tasks) = (fake.shared(), TaskTracker::new());
        let result = run(&database, &tasks, work).await;
        let expected = [
            (Begin, Begun, fake.begin.takes),
            (Work, Worked, work.takes),
            (Commit, Committed, fake.commit.takes),
        ];
        check_run(
            &fake.log,
            &result,
            &expected,
            &Ok(7),
            "If the work returns `Ok`,",
            false,
        );
        check_afterwards(&fake.log, &database, 0).await;
    });
}

#[test]
fn a_finished_transaction_keeps_no_lock() {
    grade_cases(async |case| {
        let mut fake = Fake::drawn(&case);
        let end = *case.pick("fails", &["nothing", "begin", "work", "commit"]);
        fake.begin.fails = end == "begin";
        fake.commit.fails = end == "commit";
        let (database, tasks) = (fake.shared(), TaskTracker::new());
        let work = async |_: &mut Fake| match end {
            "work" => Err(error(Work)),
            _ => Ok(7),
        };
        let (result, finished) = await_and_keep(transaction(&database, &tasks, work)).await;
        let is_free = database.try_lock().is_ok();
        drop(finished);
        let is_free_later = database.try_lock().is_ok();
        check(is_free, || {
            Failure::new(format!(
                "The function has returned {result:?}, and its future is not dropped yet. The database should not be locked; it is."
            ))
            .usually(if is_free_later {
                "that the lock is kept in a field of the future until that is dropped."
            } else {
                "that a task or a forgotten guard still holds the lock of a transaction that is over."
            })
            .read(HAND_OVER)
        });
    });
}

#[test]
fn rolls_back_if_the_work_fails() {
    grade_cases(async |case| {
        let mut fake = Fake::drawn_slow(&case);
        fake.rollback.fails = *case.pick("rollback fails", &[false, true]);
        let work = Call::fails(case.whole_ms("work", 50));
        let (database, tasks) = (fake.shared(), TaskTracker::new());
        let result = run(&database, &tasks, work).await;
        let expected = [
            (Begin, Begun, fake.begin.takes),
            (Work, Worked, work.takes),
            (Rollback, RolledBack, fake.rollback.takes),
        ];
        let given = "If the work returns an error,";
        check_run(
            &fake.log,
            &result,
            &expected,
            &Err(error(Work)),
            given,
            fake.rollback.fails,
        );
        check_afterwards(&fake.log, &database, 1).await;
    });
}

#[test]
fn a_failed_begin_is_not_rolled_back() {
    grade_cases(async |case| {
        let mut fake = Fake::drawn_slow(&case);
        fake.begin.fails = true;
        let (database, tasks) = (fake.shared(), TaskTracker::new());
        let result = run(&database, &tasks, Call::ok(ms(5))).await;
        let expected = [(Begin, Begun, fake.begin.takes)];
        let given = "If `begin` fails,";
        check_run(
            &fake.log,
            &result,
            &expected,
            &Err(error(Begin)),
            given,
            fake.rollback.fails,
        );
        check_afterwards(&fake.log, &database, 0).await;
    });
}

#[test]
fn a_failed_commit_is_rolled_back() {
    grade_cases(async |case| {
        let mut fake = Fake::drawn_slow(&case);
        fake.commit.fails = true;
        fake.rollback.fails = *case.pick("rollback fails", &[false, true]);
        let work = Call::ok(case.whole_ms("work", 50));
        let (database, tasks) = (fake.shared(), TaskTracker::new());
        let result = run(&database, &tasks, work).await;
        let expected = [
            (Begin, Begun, fake.begin.takes),
            (Work, Worked, work.takes),
            (Commit, Committed, fake.commit.takes),
            (Rollback, RolledBack, fake.rollback.takes),
        ];
        let given = "If `commit` fails,";
        check_run(
            &fake.log,
            &result,
            &expected,
            &Err(error(Commit)),
            given,
            fake.rollback.fails,
        );
        check_afterwards(&fake.log, &database, 1).await;
    });
}

#[test]
fn a_panic_is_passed_on_and_rolled_back() {
    grade_cases(async |case| {
        let fake = Fake::drawn_slow(&case);
        let takes = case.whole_ms("work", 50);
        let kind = *case.pick("payload", &["a `&str`", "a `String`", "a number"]);
        let (database, tasks) = (fake.shared(), TaskTracker::new());
        let answer = transaction(
            &database,
            &tasks,
            async |_: &mut Fake| -> Result<u32, DbError> {
                take(takes).await;
                resume_unwind(match kind {
                    "a `&str`" => Box::new("the work panics"),
                    "a `String`" => Box::new("the work panics".to_owned()),
                    _ => Box::new(7_u64),
                });
            },
        );
        let result = AssertUnwindSafe(answer).catch_unwind().await;
        let payload = result.as_ref().err();
        let is_same = payload.is_some_and(|payload| match kind {
            "a `&str`" => payload.downcast_ref::<&str>() == Some(&"the work panics"),
            "a `String`" => payload
                .downcast_ref::<String>()
                .is_some_and(|text| text == "the work panics"),
            _ => payload.downcast_ref() == Some(&7_u64),
        });
        check(is_same, || {
            Failure::new(format!(
                "If the work panics with {kind}, the function should panic with the same payload; {}.",
                match result {
                    Ok(_) => "it returned",
                    Err(_) => "the payload was another one",
                }
            ))
            .usually(match (&result, kind) {
                (Ok(_), _) => "that the panic is caught and not continued. `resume_unwind` does that.",
                (Err(_), "a `&str`") => "that the panic is caught, and another one replaces it.",
                (Err(_), _) => {
                    "that a panic is continued with its text. A payload may be of any type; hand the whole box to \
                     `resume_unwind`."
                }
            })
            .read("tasks-join-errors.html#continue-the-panic-or-go-on-without-the-task")
        });
        // What is left of a rollback that takes long is not long.
        sleep(fake.rollback.takes.saturating_sub(ms(50))).await;
        check_ended_once(&fake.log, &tasks, "If the work panics", false).await;
    });
}

/// Waits for the tracker, as a shutdown does. Then the transaction should have ended, once.
async fn check_ended_once(log: &Log<Event>, tasks: &TaskTracker, when: &str, may_commit: bool) {
    // It was closed before the call.
    let is_closed = tasks.is_closed();
    tasks.close();
    let waited = timeout(LONG, tasks.wait()).await.is_ok();
    check(waited, || {
        Failure::new(format!(
            "{when}, the tasks of the tracker should end; they did not."
        ))
        .usually("that a task of the tracker waits for something that never comes.")
        .read(HAND_OVER)
    });
    let entries = log.entries();
    let calls: Vec<_> = entries.iter().map(|(_, event)| *event).collect();
    let count = |event| calls.iter().filter(|call| **call == event).count();
    let (commits, rollbacks) = (count(Commit), count(Rollback));
    let expected = usize::from(count(Begin) > 0);
    let all = || shown(&entries, word);
    let is_late = if commits + rollbacks < expected {
        sleep(ms(1_000)).await;
        log.count(&Commit) + log.count(&Rollback) > 0
    } else {
        false
    };
    check(commits + rollbacks == expected, || {
        let report = Failure::new(format!(
            "{when}, a transaction that has begun should have one `commit` or one `rollback`; the calls until the tracker was \
             empty were {}.",
            all()
        ));
        match commits + rollbacks {
            0 if is_late => report.usually(
                "that the task that ends the transaction is not one of the tracker: there was a call after that.",
            ),
            0 if is_closed => report.usually(
                "that a closed tracker is taken for one that takes no tasks: when it was open, the transaction ended.",
            ),
            0 if count(Begun) == 0 => report.usually(
                "that `begin` is awaited before there is a guard, or that there is none: it may have begun on the server although \
                 its answer never arrives.",
            ),
            0 if when.contains("panics") => report.usually("that nothing rolls back when the work panics."),
            0 => report.usually("that nothing rolls back when the function does not reach its end."),
            _ if commits > 0 => report.usually(
                "that the guard does not know that `commit` was called: what was committed is rolled back as well.",
            ),
            _ => report.usually("that the rollback is called by the function and again by a destructor."),
        }
        .read(HAND_OVER)
    });
    check(may_commit || commits == 0, || {
        Failure::new(format!(
            "{when}, the transaction should be rolled back; it was committed. The calls were {}.",
            all()
        ))
        .read(HAND_OVER)
    });
    let ends = count(Committed) + count(RolledBack);
    check(ends == expected, || {
        Failure::new(format!(
            "{when}, a `commit` or `rollback` that was called should go on to its end; when the tracker was empty, the calls \
             were {}.",
            all()
        ))
        .usually(
            "that it is awaited by the future that is dropped, or in a task that is not one of the tracker. Spawn it on \
             `tasks`, and await the handle.",
        )
        .read(HAND_OVER)
    });
}

#[test]
fn ends_once_when_dropped() {
    for (work, closed) in [
        (Call::ok(ms(20)), false),
        (Call::fails(ms(20)), false),
        (Call::ok(ms(20)), true),
    ] {
        drop_at_every_await(
            async || {
                let (fake, tasks) = (Fake::new(), TaskTracker::new());
                if closed {
                    tasks.close();
                }
                let (database, tracker) = (fake.shared(), tasks.clone());
                let answer = async move { run(&database, &tracker, work).await };
                (answer, (fake.log, tasks))
            },
            async |(log, tasks)| {
                check_ended_once(&log, &tasks, "When the future is dropped", !work.fails).await;
            },
        );
    }
}

#[test]
fn ends_once_when_dropped_after_a_panic() {
    drop_at_every_await(
        async || {
            let (fake, tasks) = (Fake::new(), TaskTracker::new());
            let (database, tracker) = (fake.shared(), tasks.clone());
            let answer = async move {
                let work = async |_: &mut Fake| -> Result<u32, DbError> {
                    take(ms(20)).await;
                    // Unlike `panic!`, it prints nothing.
                    resume_unwind(Box::new("the work panics"))
                };
                let answer = transaction(&database, &tracker, work);
                let _ = AssertUnwindSafe(answer).catch_unwind().await;
            };
            (answer, (fake.log, tasks))
        },
        async |(log, tasks)| {
            let when = "When the work panics, and the future is dropped before it or after it";
            check_ended_once(&log, &tasks, when, false).await;
        },
    );
}

/// The future is not polled from a moment in `commit` or `rollback` on.
#[test]
fn the_lock_does_not_wait_for_the_caller() {
    grade_cases(async |case| {
        let mut fake = Fake::new();
        fake.commit.fails = *case.pick("commit fails", &[false, true]);
        let work = match case.pick("work", &["succeeds", "fails"]) {
            &"succeeds" => Call::ok(ms(20)),
            _ => Call::fails(ms(20)),
        };
        let (database, tasks) = (fake.shared(), TaskTracker::new());
        let mut answer = Box::pin(run(&database, &tasks, work));
        let is_pending = timeout(ms(50), &mut answer).await.is_err();
        sleep(ms(200)).await;
        let calls = fake.log.entries();
        let is_over = match calls.last() {
            Some((_, RolledBack)) => true,
            Some((_, Committed)) => !fake.commit.fails,
            _ => false,
        };
        let is_locked = database.try_lock().is_err();
        check(!(is_pending && is_over && is_locked), || {
            Failure::new(format!(
                "The future was polled until 50 ms, and then it was neither polled nor dropped. The transaction ended all the same: \
                 {}. From its end on, the database should not be locked; it is.",
                shown(&calls, word)
            ))
            .usually(
                "that the task which ends the transaction hands the lock over to the future of the function, which releases it \
                 when it is polled. Drop the guard in the task.",
            )
            .read(HAND_OVER)
        });
        if is_pending {
            let _ = answer.await;
        }
    });
}

#[test]
fn when_dropped_a_failed_commit_is_rolled_back() {
    drop_at_every_await(
        async || {
            let (mut fake, tasks) = (Fake::new(), TaskTracker::new());
            fake.commit.fails = true;
            let (database, tracker) = (fake.shared(), tasks.clone());
            let answer = async move { run(&database, &tracker, Call::ok(ms(20))).await };
            (answer, (fake.log, tasks))
        },
        async |(log, tasks)| {
            tasks.close();
            tasks.wait().await;
            let (begun, rolled_back) = (log.count(&Begin), log.count(&RolledBack));
            check(rolled_back == begun, || {
                Failure::new(format!(
                    "When the future is dropped, a transaction that is not committed should be rolled back once, also if its \
                     `commit` fails; until the tracker was empty the calls were {}.",
                    shown(&log.entries(), word)
                ))
                .usually(if log.count(&Commit) == 0 {
                    "that nothing rolls back when the future is dropped before `commit` is called."
                } else {
                    "that the task that commits does not roll back: nothing else can, once the future is dropped."
                })
                .read(HAND_OVER)
            });
        },
    );
}

#[test]
fn the_database_is_locked_until_the_end() {
    drop_at_every_await(
        async || {
            let (fake, tasks) = (Fake::new(), TaskTracker::new());
            let database = fake.shared();
            let for_answer = Arc::clone(&database);
            let answer = async move { run(&for_answer, &tasks, Call::ok(ms(20))).await };
            (answer, (fake.log, database))
        },
        async |(log, database)| {
            let locked = timeout(LONG, database.lock()).await;
            check(locked.is_ok(), || {
                Failure::new(
                    "When the future is dropped, the next user should get the lock; it did not.",
                )
                .usually("that the lock is forgotten, or is held by a task that never ends.")
                .read(HAND_OVER)
            });
            let is_over = log.count(&Begin) == log.count(&Committed) + log.count(&RolledBack);
            check(is_over, || {
                Failure::new(format!(
                    "When the future is dropped, the next user should get the lock after the end of the transaction; it got it \
                     when the calls were {}.",
                    shown(&log.entries(), word)
                ))
                .usually(if log.count(&Commit) + log.count(&Rollback) == 0 {
                    "that nothing rolls back when the future is dropped."
                } else {
                    "that the guard of the lock is dropped before the end. Move it into the task, with `lock_owned`."
                })
                .read(HAND_OVER)
            });
        },
    );
}

#[test]
fn transactions_of_many_callers_do_not_mix() {
    grade_cases(async |case| {
        let mut fake = Fake::drawn(&case);
        fake.commit.fails = *case.pick("commit fails", &[false, true]);
        let count = case.size("transactions", 0..=20);
        let (database, tasks) = (fake.shared(), TaskTracker::new());
        let calls = (0..count).map(|_| {
            let work = match case.pick("work", &["succeeds", "fails"]) {
                &"succeeds" => Call::ok(ms(10)),
                _ => Call::fails(ms(10)),
            };
            let (case, database, tasks) = (case.clone(), Arc::clone(&database), tasks.clone());
            async move {
                case.turns().await;
                case.drop_somewhere(run(&database, &tasks, work)).await
            }
        });
        let calls: Vec<_> = calls.collect();
        case.join(calls).await;
        tasks.close();
        tasks.wait().await;
        let entries = fake.log.entries();
        let ended = fake.log.count(&Commit) + fake.log.count(&Rollback);
        let all_ended = ended >= fake.log.count(&Begin);
        let is_end =
            |event: &Event| *event == RolledBack || *event == Committed && !fake.commit.fails;
        let mut is_open = false;
        for (at, (_, event)) in entries.iter().enumerate() {
            let fits = match event {
                Begin => !std::mem::replace(&mut is_open, true),
                event if is_end(event) => std::mem::replace(&mut is_open, false),
                _ => is_open,
            };
            check(fits, || {
                Failure::new(format!(
                    "Between \"begin\" and the end of a transaction there should be no other one, even if callers are dropped; \
                     the calls were {}.",
                    shown(&entries[at.saturating_sub(5)..=at], word)
                ))
                .usually(if *event == Rollback {
                    "that a transaction which has not begun is rolled back: one that waits for the lock, say, or one that is \
                     over."
                } else if all_ended {
                    "that the lock is released before the end: a task that locks again may come after another user. Move the \
                     guard into the task, with `lock_owned`."
                } else {
                    "that nothing rolls back when a future is dropped."
                })
                .read(HAND_OVER)
            });
        }
        check(!is_open, || {
            Failure::new(format!(
                "Each transaction should be committed or rolled back; at the end the calls were {}.",
                shown(&entries[entries.len().saturating_sub(5)..], word)
            ))
            .usually("that nothing rolls back when a future is dropped.")
            .read(HAND_OVER)
        });
    });
}

//! `Closer`: each connection is closed once and to the end, whatever becomes of its guard.

use std::future::pending;
use std::io;
use std::panic::AssertUnwindSafe;

use super::*;
use exercises::cleanup::{Closer, Connection, Guard};
use futures::FutureExt;
use grading::explained;
use tokio::task::{JoinHandle, yield_now};

/// What comes of closing a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Ok,
    Error(io::ErrorKind),
    Panic,
    /// The call panics, before there is a future.
    PanicAtOnce,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Called(usize),
    Ended(usize),
    /// Its future was dropped before its end.
    Cut(usize),
    /// The same, and it was called in a task.
    CutInTask(usize),
    /// It was dropped and never closed.
    Lost(usize),
}

struct Fake {
    id: usize,
    takes: Duration,
    outcome: Outcome,
    state: State,
    log: Log<Event>,
}

enum State {
    Open,
    Closing { in_task: bool },
    Closed,
}

impl Connection for Fake {
    fn close(mut self) -> impl Future<Output = io::Result<()>> + Send {
        self.log.add(Event::Called(self.id));
        self.state = State::Closing {
            in_task: tokio::task::try_id().is_some(),
        };
        if self.outcome == Outcome::PanicAtOnce {
            self.end();
            panic!("the connection panics");
        }
        async move {
            take(self.takes).await;
            self.end();
            match self.outcome {
                Outcome::Ok => Ok(()),
                Outcome::Error(kind) => Err(kind.into()),
                Outcome::Panic | Outcome::PanicAtOnce => panic!("the connection panics"),
            }
        }
    }
}

impl Fake {
    fn end(&mut self) {
        self.state = State::Closed;
        self.log.add(Event::Ended(self.id));
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        match self.state {
            State::Open => self.log.add(Event::Lost(self.id)),
            State::Closing { in_task } => {
                self.log.add(Event::Cut(self.id));
                if in_task {
                    self.log.add(Event::CutInTask(self.id));
                }
            }
            State::Closed => {}
        }
    }
}

fn connection(log: &Log<Event>, id: usize, takes: Duration) -> Fake {
    Fake {
        id,
        takes,
        outcome: Outcome::Ok,
        state: State::Open,
        log: log.clone(),
    }
}

/// An error of any kind, also of those that some programs ignore.
fn error(case: &Case) -> Outcome {
    use io::ErrorKind::{
        BrokenPipe, ConnectionReset, Interrupted, NotConnected, Other, TimedOut, UnexpectedEof,
    };
    let kinds = [
        ConnectionReset,
        BrokenPipe,
        NotConnected,
        UnexpectedEof,
        TimedOut,
        Interrupted,
        Other,
    ];
    Outcome::Error(*case.pick("kind of error", &kinds))
}

fn failing(log: &Log<Event>, id: usize, takes: Duration, outcome: Outcome) -> Fake {
    let mut connection = connection(log, id, takes);
    connection.outcome = outcome;
    connection
}

/// What becomes of a guard.
const WAYS: [&str; 6] = [
    "close is awaited",
    "the guard is dropped",
    "close is dropped before its first poll",
    "close is dropped after its first poll",
    "its task is aborted",
    "its task panics",
];

async fn use_guard(way: &str, guard: Guard<Fake>) {
    match way {
        "close is awaited" => {
            let _ = guard.close().await;
        }
        "the guard is dropped" => drop(guard),
        "close is dropped before its first poll" => drop(guard.close()),
        "close is dropped after its first poll" => {
            let mut close = Box::pin(guard.close());
            let _ = futures::poll!(&mut close);
        }
        "its task is aborted" => {
            let task = grading::spawn(async move {
                let _guard = guard;
                pending::<()>().await;
            });
            yield_now().await;
            task.abort();
            let _ = task.await;
        }
        _ => {
            let task = grading::spawn(async move {
                let _guard = guard;
                panic!("the handler panics");
            });
            let _ = task.await;
        }
    }
}

/// Drops `closer`, and awaits the owner task. All guards are gone, and connections answer in time.
async fn finish(closer: Closer<Fake>, owner: JoinHandle<usize>) -> usize {
    drop(closer);
    let output = timeout(LONG, owner).await;
    check(output.is_ok(), || {
        Failure::new(
            "When the `Closer` and all its guards are gone and all connections are closed, the owner task should end; it did \
             not.",
        )
        .usually("that the owner task keeps a sender of its own channel, so that `recv` never returns `None`.")
        .read(OWNER)
    });
    let output = output.ok().and_then(Result::ok);
    check(output.is_some(), || {
        Failure::new("The owner task should return the number of connections that failed to close; it panicked.")
            .usually(
                "that a connection which panics ends the owner task of all: a `JoinError` is unwrapped, or the connection is \
                 closed in the owner task itself. The call of `close` may panic, and not only its future.",
            )
            .read("tasks-join-errors.html#joinerror-panicked-or-cancelled")
    });
    output.unwrap_or_default()
}

const LOST_WITH_CALLER: &str = "that the connection is lost with its caller: `close` waits before it hands it over, or the \
                                owner task gives it up when the caller is gone.";

/// Each connection should be closed at `at`, once, and to its end. `when` begins the sentence.
async fn check_closed_once(log: &Log<Event>, id: usize, at: Duration, takes: Duration, when: &str) {
    let of = |event: fn(usize) -> Event| log.times_of(&event(id));
    let (called, ended) = (of(Event::Called), of(Event::Ended));
    check(called.len() == 1, || {
        let report = Failure::new(format!(
            "{when}, `Connection::close` should be called once; it was called {}.",
            times(called.len())
        ));
        match (called.len(), of(Event::Lost).first()) {
            (0, None) => report.usually(
                "that the connection is kept for later. It is closed at the instant at which it is handed over.",
            ),
            (0, Some(_)) if when.contains("first poll") => report.usually(LOST_WITH_CALLER),
            (0, Some(_)) => report.usually(
                "that the connection is dropped with its guard: `Drop` does not hand it over, a bounded channel was full, or \
                 the owner task has ended.",
            ),
            _ => report.usually(
                "that the connection is closed once by the caller and once by the owner task.",
            ),
        }
        .read(OWNER)
    });
    check(ended.len() == 1, || {
        let cut = of(Event::Cut);
        let report = Failure::new(format!(
            "{when}, `Connection::close` should be awaited to its end; it was called{}.",
            match cut.first() {
                Some(cut) => format!(
                    ", and its future was dropped after {}",
                    in_ms(*cut - called[0])
                ),
                None => String::new(),
            }
        ));
        let leaves = when.contains("close` is dropped") || when.contains("first poll");
        let in_task = !of(Event::CutInTask).is_empty();
        let report = match cut.first() {
            Some(_) if leaves && in_task => report.usually(LOST_WITH_CALLER),
            Some(_) if leaves => report.usually(
                "that the future of `Guard::close` awaits it, and takes it along when it is dropped. The owner task has to \
                 await it.",
            ),
            Some(cut) if *cut > called[0] && takes == LONG => report
                .usually("that closing has a limit. It is awaited to its end, however long that takes."),
            _ => report,
        };
        report.read(OWNER)
    });
    let is_in_time = called == [at] && ended == [at + takes];
    let usually = if is_in_time {
        None
    } else {
        why_one_waits().await
    };
    check(is_in_time, || {
        Failure::new(format!(
            "{when}, the connection should be closed from {} to {}; it was closed from {} to {}.",
            in_ms(at),
            in_ms(at + takes),
            in_ms(called[0]),
            in_ms(ended[0])
        ))
        .usually_if(usually)
        .read("cleanup-exercises.html#check-yourself")
    });
}

/// When each of these connections is closed, if each is handed over at that instant and takes 10 ms.
async fn closed_at(handed_over: &[u64]) -> Vec<Duration> {
    let (log, (closer, _owner)) = (Log::start(), Closer::spawn());
    for (id, at) in handed_over.iter().enumerate() {
        take(ms(*at).saturating_sub(log.clock().elapsed())).await;
        drop(closer.guard(connection(&log, id, ms(10))));
    }
    sleep(ms(10) * (handed_over.len() as u32 + 2)).await;
    let ids = 0..handed_over.len();
    ids.filter_map(|id| log.times_of(&Event::Called(id)).first().copied())
        .collect()
}

/// Why one connection waits for another.
async fn why_one_waits() -> Option<&'static str> {
    if closed_at(&[0, 0, 0]).await == [ms(0), ms(10), ms(20)] {
        return Some(
            "that one connection waits until another one is closed: the owner task awaits each of them in its loop, instead of \
             spawning it.",
        );
    }
    if closed_at(&[0, 0, 5]).await == [ms(0), ms(0), ms(10)] {
        return Some(
            "that connections are closed together with those that are in the channel at the same instant, and others wait until \
             all of these are closed.",
        );
    }
    let many = closed_at(&[0; 100]).await;
    many.iter()
        .any(|at| !at.is_zero())
        .then_some("that only some connections are closed at a time. Any number of them may be.")
}

#[test]
fn a_dropped_guard_closes_its_connection() {
    grade_cases(async |case| {
        let takes = case.whole_ms("closing takes", 100);
        let (log, (closer, _owner)) = (Log::start(), Closer::spawn());
        let guard = closer.guard(connection(&log, 0, takes));
        sleep(ms(10)).await;
        drop(guard);
        sleep(takes + ms(10)).await;
        check_closed_once(&log, 0, ms(10), takes, "When a guard is dropped").await;
    });
}

#[test]
fn close_returns_the_result() {
    grade_cases(async |case| {
        let takes = case.whole_ms("closing takes", 100);
        let outcome = match case.pick("result", &["ok", "an error"]) {
            &"ok" => Outcome::Ok,
            _ => error(&case),
        };
        let (log, (closer, _owner)) = (Log::start(), Closer::spawn());
        let guard = closer.guard(failing(&log, 7, takes, outcome));
        let result = guard.close().await.map_err(|error| error.kind());
        let (at, is_closed) = (log.clock().elapsed(), log.count(&Event::Ended(7)) == 1);
        let expected = match outcome {
            Outcome::Error(kind) => Err(kind),
            _ => Ok(()),
        };
        check(result == expected && at == takes && is_closed, || {
            Failure::new(format!(
                "`Connection::close` returns {expected:?} at {}, and `Guard::close` should return it then; it returned \
                 {result:?} at {}{}.",
                in_ms(takes),
                in_ms(at),
                if is_closed { "" } else { ", when it was not closed" }
            ))
            .usually_if(if at < takes || !is_closed {
                Some("that `Guard::close` does not wait for the answer of the owner task.")
            } else if result.is_ok() && expected.is_err() {
                Some("that `Guard::close` ignores the answer of the owner task.")
            } else if result.is_err() && expected.is_err() {
                Some("that another error is made of it. The error of `Connection::close` is returned as it is.")
            } else {
                None
            })
            .read(CLOSE)
        });
        check_closed_once(&log, 7, ms(0), takes, "When `Guard::close` is awaited").await;
    });
}

#[test]
fn each_connection_is_closed_once() {
    grade_cases(async |case| {
        let count = case.size("guards", 0..=40);
        let ways: Vec<_> = (0..count).map(|_| *case.pick("way", &WAYS)).collect();
        let takes = case.whole_ms_each("closing takes", count, 50);
        let (log, (closer, owner)) = (Log::start(), Closer::spawn());
        let guards: Vec<_> = takes
            .iter()
            .enumerate()
            .map(|(id, takes)| closer.guard(connection(&log, id, *takes)))
            .collect();
        let uses = ways
            .iter()
            .zip(guards)
            .map(|(way, guard)| use_guard(way, guard));
        case.join(uses).await;
        sleep(ms(100)).await;
        for (id, way) in ways.iter().enumerate() {
            check_closed_once(&log, id, ms(0), takes[id], &format!("When {way}")).await;
        }
        let failed = finish(closer, owner).await;
        check(failed == 0, || {
            Failure::new(format!(
                "{} closed without an error, and the owner task should return 0; it returned {failed}.",
                match count {
                    1 => "One connection is".to_owned(),
                    count => format!("{count} connections are"),
                }
            ))
            .read(OWNER)
        });
    });
}

#[test]
fn connections_close_at_the_same_time() {
    grade_cases(async |case| {
        let slow = case.size("slow connections", 1..=40);
        let (log, (closer, _owner)) = (Log::start(), Closer::spawn());
        for id in 0..slow {
            drop(closer.guard(connection(&log, id, LONG)));
        }
        let takes = case.whole_ms("closing takes", 100);
        sleep(ms(5)).await;
        let result = timeout(
            takes + ms(50),
            closer.guard(connection(&log, slow, takes)).close(),
        )
        .await;
        let at = log.clock().elapsed();
        let is_in_time = result.is_ok() && at == ms(5) + takes;
        let usually = if is_in_time {
            None
        } else {
            why_one_waits().await
        };
        check(is_in_time, || {
            Failure::new(format!(
                "{} dropped, and the server does not answer. Another one, closed at 5 ms, is answered after {}, and its `close` \
                 should return then; {}.",
                match slow {
                    1 => "One guard is".to_owned(),
                    slow => format!("{slow} guards are"),
                },
                in_ms(takes),
                match result {
                    Ok(_) => format!("it returned at {}", in_ms(at)),
                    Err(_) => "it did not".to_owned(),
                }
            ))
            .usually_if(usually)
            .read("cleanup-exercises.html#check-yourself")
        });
        sleep(LONG).await;
        let when = format!("When a guard is dropped and closing takes {}", in_ms(LONG));
        check_closed_once(&log, 0, ms(0), LONG, &when).await;
    });
}

const CUT_AT_THE_END: &str = "that connections which are being closed are dropped when the last guard is gone: a `JoinSet` that \
                              is dropped aborts its tasks.";

/// More than a queue with a limit has room for.
#[test]
fn many_guards_may_be_dropped_at_once() {
    grade(async || {
        const MANY: usize = 5_000;
        let (log, (closer, owner)) = (Log::start(), Closer::spawn());
        let guards: Vec<_> = (0..MANY)
            .map(|id| closer.guard(connection(&log, id, ms(5))))
            .collect();
        drop(guards);
        let _ = finish(closer, owner).await;
        let at = log.clock().elapsed();
        // Tasks that are aborted are dropped now.
        yield_now().await;
        let entries = log.entries();
        let ended = |entries: &[(Duration, Event)]| {
            let ended = entries
                .iter()
                .filter(|(_, event)| matches!(event, Event::Ended(_)));
            ended.count()
        };
        let closed = ended(&entries);
        sleep(ms(10)).await;
        let are_closed_later = ended(&log.entries()) == MANY;
        check(closed == MANY && at == ms(5), || {
            Failure::new(format!(
                "{MANY} guards are dropped, and closing a connection takes 5 ms. All should be closed at 5 ms, and the owner task \
                 should end then; {closed} were closed, and it ended at {}.",
                in_ms(at)
            ))
            .usually(if entries.iter().any(|(_, event)| matches!(event, Event::Cut(_))) {
                CUT_AT_THE_END
            } else if closed < MANY && are_closed_later {
                "that the owner task ends although connections are still being closed. It has to wait for them."
            } else if closed < MANY {
                "that there is room for some connections only, and those that find none are dropped."
            } else {
                "that only some connections are closed at the same time. None of them should wait for another."
            })
            .read(OWNER)
        });
    });
}

#[test]
fn the_owner_task_waits_for_guards_and_connections() {
    grade_cases(async |case| {
        let count = case.size("guards", 0..=20);
        let held = case.whole_ms_each("held for", count, 100);
        let takes = case.whole_ms_each("closing takes", count, 100);
        let (log, (closer, owner)) = (Log::start(), Closer::spawn());
        for id in 0..count {
            let guard = closer.guard(connection(&log, id, takes[id]));
            let held = held[id];
            grading::spawn(async move {
                take(held).await;
                drop(guard);
            });
        }
        let ends = held.iter().zip(&takes).map(|(held, takes)| *held + *takes);
        let last = ends.max().unwrap_or_default();
        drop(closer);
        let returned = timeout(LONG, owner).await;
        let at = log.clock().elapsed();
        check(returned.is_ok() && at == last, || {
            let report = Failure::new(format!(
                "{} dropped after {}, and closing {} takes {}. The owner task should end at {}; {}.",
                match count {
                    1 => "One guard is".to_owned(),
                    count => format!("{count} guards are"),
                },
                list(held.iter().copied().map(in_ms)),
                match count {
                    1 => "its connection",
                    _ => "their connections",
                },
                list(takes.iter().copied().map(in_ms)),
                in_ms(last),
                match returned {
                    Ok(_) => format!("it ended at {}", in_ms(at)),
                    Err(_) => "it did not".to_owned(),
                }
            ));
            if at > last && returned.is_ok() {
                report
            } else if at > last {
                report.usually("that the owner task keeps a sender of its own channel, so that `recv` never returns `None`.")
            } else if held.iter().any(|held| at < *held) {
                report.usually(
                    "that the end of the owner task does not depend on the guards. Each guard needs something that the owner \
                     task can wait for, such as a sender of its channel.",
                )
            } else {
                report.usually(
                    "that the owner task ends while connections are being closed: a `JoinSet` that is dropped aborts its tasks.",
                )
            }
            .read(OWNER)
        });
    });
}

#[test]
fn the_owner_task_counts_failures() {
    grade_cases(async |case| {
        // Often few, and sometimes more failures than a byte counts.
        let count = case.size("guards", 0..=20);
        let repeated = *case.pick(
            "each of them so many times",
            &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 26],
        );
        let results = [
            Outcome::Ok,
            error(&case),
            Outcome::Panic,
            Outcome::PanicAtOnce,
        ];
        let outcomes: Vec<_> = (0..count).map(|_| *case.pick("result", &results)).collect();
        let outcomes = outcomes.repeat(repeated);
        let count = outcomes.len();
        let mut awaited = Vec::new();
        let (log, (closer, owner)) = (Log::start(), Closer::spawn());
        for (id, outcome) in outcomes.iter().enumerate() {
            let guard = closer.guard(failing(&log, id, ms(5), *outcome));
            let is_awaited = *case.pick("close is awaited", &[false, true]);
            // A panic of `close` has a test of its own.
            let panics =
                |outcome: &Outcome| matches!(outcome, Outcome::Panic | Outcome::PanicAtOnce);
            let is_awaited = is_awaited && !outcomes[..=id].iter().any(panics);
            awaited.push(is_awaited);
            match is_awaited {
                true => drop(guard.close().await),
                false => drop(guard),
            }
        }
        if *case.pick(
            "the `Closer` is dropped",
            &["after all is closed", "before"],
        ) != "before"
        {
            sleep(ms(50)).await;
        }
        let seen = finish(closer, owner).await;
        for id in 0..count {
            let called = log.count(&Event::Called(id));
            check(called == 1, || {
                Failure::new(format!(
                    "Each of {} should be closed, although some of them fail; one was closed {}.",
                    plural(count, "connection"),
                    times(called)
                ))
                .usually("that the owner task ends when a connection panics or fails.")
                .read(OWNER)
            });
        }
        // Tasks that are aborted are dropped now.
        yield_now().await;
        let entries = log.entries();
        let ended = entries
            .iter()
            .filter(|(_, event)| matches!(event, Event::Ended(_)));
        let ended = ended.count();
        let are_cut = entries
            .iter()
            .any(|(_, event)| matches!(event, Event::Cut(_)));
        check(ended == count, || {
            Failure::new(format!(
                "The owner task has ended. Closing each of {} should have been awaited to its end; {ended} were.",
                plural(count, "connection")
            ))
            .usually_if(are_cut.then_some(CUT_AT_THE_END))
            .read(OWNER)
        });
        let count_of = |counts: fn(Outcome, bool) -> bool| {
            let pairs = outcomes.iter().zip(&awaited);
            pairs
                .filter(|(outcome, awaited)| {
                    **outcome != Outcome::Ok && counts(**outcome, **awaited)
                })
                .count()
        };
        let failed = count_of(|_, _| true);
        let usually = explained(
            &[seen],
            [
                (
                    "that a panic is not counted. It is a failure, too.",
                    [count_of(|outcome, _| matches!(outcome, Outcome::Error(_)))],
                ),
                (
                    "that an error is not counted. It is a failure, too.",
                    [count_of(|outcome, _| !matches!(outcome, Outcome::Error(_)))],
                ),
                (
                    "that an error is not counted if the caller of `close` has received it.",
                    [count_of(|_, awaited| !awaited)],
                ),
                (
                    "that failures are counted only if the caller of `close` waits for them.",
                    [count_of(|_, awaited| awaited)],
                ),
                ("that failures are counted in one byte.", [failed % 256]),
            ],
        );
        check(seen == failed, || {
            Failure::new(format!(
                "The connections end with {}. The owner task should return the number of failures, {failed}; it returned {seen}.",
                list(outcomes.iter().map(|outcome| format!("{outcome:?}")))
            ))
            .usually_if(usually)
            .read("tasks-join-errors.html#joinerror-panicked-or-cancelled")
        });
    });
}

#[test]
fn close_panics_if_the_connection_does() {
    grade_cases(async |case| {
        let outcome = *case.pick("it panics", &[Outcome::Panic, Outcome::PanicAtOnce]);
        let (log, (closer, _owner)) = (Log::start(), Closer::spawn());
        let guard = closer.guard(failing(&log, 0, ms(5), outcome));
        let result = timeout(LONG, AssertUnwindSafe(guard.close()).catch_unwind()).await;
        check(matches!(result, Ok(Err(_))), || {
            Failure::new(format!(
                "When `Connection::close` panics, `Guard::close` should panic; {}.",
                match &result {
                    Ok(Ok(Ok(()))) => "it returned `Ok`",
                    Ok(_) => "it returned an error",
                    Err(_) => "it waited forever",
                }
            ))
            .usually(match &result {
                Ok(Ok(Ok(()))) => {
                    "that `close` does not wait for the answer of the owner task, or takes a missing answer for `Ok`."
                }
                Ok(_) => "that an error is made of the panic.",
                Err(_) => "that the sender of the answer outlives the panic, or that the owner task has ended.",
            })
            .read(CLOSE)
        });
        let other = closer.guard(connection(&log, 1, ms(5))).close();
        let other = timeout(LONG, AssertUnwindSafe(other).catch_unwind()).await;
        check(matches!(other, Ok(Ok(Ok(())))), || {
            Failure::new(
                "After a connection has panicked, the next one should be closed; its `close` did not return `Ok`.",
            )
            .usually("that the panic ends the owner task. Spawn each closing as a task of its own.")
            .read(OWNER)
        });
    });
}

#[test]
fn a_guard_may_be_dropped_on_any_thread() {
    grade(async || {
        let (log, (closer, _owner)) = (Log::start(), Closer::spawn());
        let guard = closer.guard(connection(&log, 0, ms(20)));
        let dropped = std::thread::spawn(move || drop(guard)).join();
        check(dropped.is_ok(), || {
            Failure::new("A guard should be dropped on a thread outside of the runtime; its destructor panicked there.")
                .usually(
                    "that the destructor calls `tokio::spawn`, which needs a runtime on its thread. A channel needs none.",
                )
                .read(NO_RUNTIME)
        });
        sleep(ms(50)).await;
        check_closed_once(
            &log,
            0,
            ms(0),
            ms(20),
            "When a guard is dropped on a thread outside of the runtime",
        )
        .await;
    });
}

#[test]
fn closing_goes_on_when_close_is_dropped() {
    drop_at_every_await(
        async || {
            let (log, (closer, owner)) = (Log::start(), Closer::spawn());
            let guard = closer.guard(connection(&log, 0, ms(30)));
            (async move { guard.close().await }, (log, closer, owner))
        },
        async |(log, closer, owner)| {
            let at = log.clock().elapsed();
            sleep(ms(100)).await;
            finish(closer, owner).await;
            let started = log.times_of(&Event::Called(0));
            let at = started.first().copied().unwrap_or(at);
            check_closed_once(
                &log,
                0,
                at,
                ms(30),
                "When the future of `Guard::close` is dropped",
            )
            .await;
        },
    );
}

#[test]
fn guards_outlive_their_closer() {
    grade_cases(async |case| {
        let count = case.size("guards", 1..=20);
        let (log, (closer, owner)) = (Log::start(), Closer::spawn());
        let guards: Vec<_> = (0..count)
            .map(|id| closer.guard(connection(&log, id, ms(30))))
            .collect();
        // Keeps the channel open: how the owner task ends has a test of its own.
        let _last = closer.guard(connection(&log, count, ms(0)));
        drop((closer, owner));
        sleep(ms(10)).await;
        for guard in guards {
            match case.pick("way", &["the guard is dropped", "close is awaited"]) {
                &"close is awaited" => {
                    drop(grading::spawn(async move { guard.close().await.is_ok() }))
                }
                _ => drop(guard),
            }
        }
        sleep(ms(100)).await;
        for id in 0..count {
            let called = log.count(&Event::Called(id));
            check(called > 0, || {
                Failure::new(
                    "When a guard is dropped or closed after its `Closer` and the handle of the owner task, its connection \
                     should be closed; it was not.",
                )
                .usually("that the owner task, or the channel to it, ends with the first `Closer` or with the handle.")
                .read(OWNER)
            });
            let when = "When a guard outlives its `Closer`";
            check_closed_once(&log, id, ms(10), ms(30), when).await;
        }
    });
}

#[test]
fn when_all_is_closed_the_owner_task_ends() {
    grade_cases(async |case| {
        let count = case.size("guards", 0..=1100);
        let tasks = Tasks::baseline();
        let (log, (closer, owner)) = (Log::start(), Closer::spawn());
        let guards: Vec<_> = (0..count)
            .map(|id| closer.guard(connection(&log, id, ms(10))))
            .collect();
        drop((closer, owner));
        sleep(ms(10)).await;
        drop(guards);
        sleep(ms(20)).await;
        for id in 0..count {
            let when = "When many guards are dropped at once";
            check_closed_once(&log, id, ms(10), ms(10), when).await;
        }
        let left = tasks.left_behind().await;
        check(left == 0, || {
            Failure::new(format!(
                "When the `Closer` and its guards are gone and all connections are closed, no task should be left; there \
                 {} {left}.",
                if left == 1 { "is" } else { "are" }
            ))
            .usually("that the owner task keeps a sender of its own channel, so that `recv` never returns `None`.")
            .read(OWNER)
        });
    });
}

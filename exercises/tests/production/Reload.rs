//! `Reload`: which load answers a call, what is current, and what watchers are told.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::rc::Rc;

use super::*;
use exercises::production::{Reload, Watcher};

#[path = "Reload_model.rs"]
mod model;

use model::{Answer, Call, End, FIRST, Load, Mistake, NEVER, Plan, Seen};

/// Makes the calls of `plan`, each at its instant.
async fn run(plan: &Plan) -> Seen {
    let start = Instant::now();
    let now = || start.elapsed().as_millis() as u64;
    let loads = Mutex::new(Vec::new());
    let load = async || {
        let number = lock(&loads).len();
        lock(&loads).push(now());
        let load = plan.load(number);
        sleep(ms(load.takes)).await;
        match load.end {
            End::Ok(config) => Ok(config),
            End::Error => Err(number),
            End::Panic => resume_unwind(Box::new(number)),
        }
    };
    let reload = Reload::new(FIRST, load);
    let longest = plan.loads.iter().map(|load| load.takes).sum::<u64>();
    let last = plan.calls.iter().map(|call| call.at).max();
    let limit = start + ms(longest + last.unwrap_or(0)) + LONG;
    let (reload_here, now) = (&reload, &now);
    let calls = plan.calls.iter().map(|call| -> Wait<'_, _> {
        let reload = reload_here;
        Box::pin(async move {
            sleep_until(start + ms(call.at)).await;
            let until = limit.min(start + ms(call.dropped));
            let calling = AssertUnwindSafe(reload.reload()).catch_unwind();
            let ended = timeout_at(until, calling).await;
            let current = read(reload);
            let answer = match ended {
                Ok(Ok(Ok(config))) => {
                    check(Arc::ptr_eq(&config, &current), || {
                        Failure::new(format!(
                            "`reload` should return the same `Arc` as `current`; its value is {config}, and that of `current` {current}."
                        ))
                        .usually(
                            "that the configuration is stored again, in another `Arc`, or that what is returned is not what was stored.",
                        )
                        .read(CONFIG)
                    });
                    Answer::Ok(*config)
                }
                Ok(Ok(Err(load))) => Answer::Error(load),
                Ok(Err(_)) => Answer::Panicked,
                Err(_) if until < limit => Answer::Dropped,
                Err(_) => return (Answer::Never, 0, FIRST),
            };
            (answer, now(), *current)
        })
    });
    let calls = join_woken(calls.collect()).await;
    drop(reload);
    let loads = lock(&loads).clone();
    Seen { loads, calls }
}

async fn check_plan(plan: &Plan, page: &'static str) {
    let (seen, expected) = (run(plan).await, plan.outcome(None));
    if seen == expected {
        return;
    }
    let cause = cause(plan, &seen).await;
    check(false, || {
        Failure::new(format!("{}, {}.", plan.told(), seen.differs(&expected)))
            .usually_if(cause.map(Mistake::meaning))
            .read(cause.map_or(page, Mistake::page))
    });
}

async fn cause(plan: &Plan, seen: &Seen) -> Option<Mistake> {
    let (mut plans, mut all) = (vec![plan.clone()], vec![seen.clone()]);
    for probe in model::probes() {
        all.push(run(&probe).await);
        plans.push(probe);
    }
    let explains = |mistake: &&Mistake| {
        let outcomes = plans.iter().map(|plan| plan.outcome(Some(**mistake)));
        outcomes.eq(all.iter().cloned())
    };
    let explained = Mistake::ALL.iter().find(explains).copied();
    let is_cut = match (plan.loads.first(), &seen.loads[..]) {
        (Some(first), [begins, next, ..]) => first.takes > 100_000 && *next < begins + first.takes,
        _ => false,
    };
    explained.or_else(|| is_cut.then_some(Mistake::OwnLimit))
}

/// Reads what is current. It must not wait for a load.
fn read<L: AsyncFn() -> Result<u64, usize>>(reload: &Reload<u64, usize, L>) -> Arc<u64> {
    let blocked = Failure::new("`current` should return at once; it never does.")
        .usually("that a lock of `std::sync` is held while a load is in progress.")
        .read(CONFIG);
    must_return(|| reload.current(), blocked)
}

fn drawn(case: &Case, ends: &[End], calls: usize) -> Plan {
    let takes = case.numbers("loads take 1001 ms and seconds", calls, 4);
    let loads = takes.iter().enumerate().map(|(number, takes)| Load {
        takes: 1_001 + 1_000 * takes,
        end: match ends[case.below(ends.len() as u64) as usize] {
            End::Ok(_) => End::Ok(number as u64 + 1),
            end => end,
        },
    });
    let loads = loads.collect();
    let begins = case.numbers("calls after 500 ms and seconds", calls, 12);
    let calls = begins.iter().map(|begins| Call {
        at: 500 + 1_000 * begins,
        dropped: NEVER,
    });
    let mut calls: Vec<_> = calls.collect();
    calls.sort_by_key(|call| call.at);
    // Of calls at the same instant, any may come first.
    for number in 1..calls.len() {
        calls[number].at = calls[number].at.max(calls[number - 1].at + 1_000);
    }
    Plan { loads, calls }
}

#[test]
fn each_call_is_answered_by_a_later_load() {
    grade_cases(async |case| {
        let calls = case.size("calls", 1..=12);
        check_plan(&drawn(&case, &[End::Ok(0)], calls), CONFIG).await;
    });
}

#[test]
fn a_failing_load_keeps_the_configuration() {
    grade_cases(async |case| {
        let calls = case.size("calls", 1..=12);
        let ends = [End::Error, End::Ok(0)];
        check_plan(&drawn(&case, &ends, calls), CONFIG).await;
    });
}

#[test]
fn another_call_takes_over() {
    grade_cases(async |case| {
        let calls = case.size("calls", 1..=8);
        let ends = [End::Ok(0), End::Error, End::Panic];
        let mut plan = drawn(&case, &ends, calls);
        let mut drops = Vec::new();
        for call in &mut plan.calls {
            let waits = case.below(8);
            if waits >= 4 {
                continue;
            }
            call.dropped = call.at + 500 + 1_000 * waits;
            // Of calls that are dropped at the same instant, any may be first.
            while drops.contains(&call.dropped) {
                call.dropped += 1_000;
            }
            drops.push(call.dropped);
        }
        check_plan(&plan, LEADER).await;
    });
}

#[test]
fn a_load_may_take_any_time() {
    grade_cases(async |case| {
        let takes = case.long_time("the load takes").as_millis() as u64;
        let mut plan = drawn(&case, &[End::Ok(0)], 3);
        plan.loads[0].takes += takes;
        check_plan(&plan, CONFIG).await;
    });
}

#[test]
fn the_current_one_can_be_read_during_a_load() {
    grade(async || {
        type Current = Box<dyn Fn() -> u64>;
        let current: Rc<Cell<Option<Current>>> = Rc::default();
        let load = {
            let current = Rc::clone(&current);
            async move || {
                let deadlock = Failure::new(
                    "A load calls `current`. That should return at once; it never does.",
                )
                .usually("that a lock of `std::sync` is held while the load is in progress.")
                .read(CONFIG);
                sleep(ms(10)).await;
                let read = current.take();
                let seen = must_return(|| read.as_ref().map(|read| read()), deadlock);
                current.set(read);
                seen.map(|seen| seen + 1).ok_or(())
            }
        };
        let reload = Rc::new(Reload::new(1, load));
        let reading = Rc::downgrade(&reload);
        current.set(Some(Box::new(move || {
            reading.upgrade().map_or(0, |reload| *reload.current())
        })));
        let kept = reload.current();
        let loaded = reload.reload().await;
        check(loaded == Ok(Arc::new(2)) && *kept == 1, || {
            Failure::new(format!(
                "A load that finds 1 should return 2, and a reader that has kept the old one should still see 1; the result is {loaded:?}, and \
                 the reader sees {kept}."
            ))
            .read(CONFIG)
        });
    });
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Reloads, with this configuration or an error.
    Reload(Option<u64>),
    NewWatcher,
    Poll(usize),
    /// Drops the future of a watcher, which can be called again.
    DropFuture(usize),
}

struct Watching {
    watcher: Watcher<u64>,
    /// How many replacements it has seen
    seen: usize,
}

#[test]
fn a_watcher_sees_each_replacement_once() {
    grade_cases(async |case| {
        let next = Cell::new(None);
        let reload = Reload::new(0, async || next.get().ok_or(()));
        // All configurations so far, the current one last.
        let mut replacements = vec![0];
        let mut watchers: Vec<Watching> = Vec::new();
        let steps = case.size("steps", 1..=40);
        for _ in 0..steps {
            let (kind, number) = (case.below(8), case.below(64));
            let step = match (kind, watchers.len()) {
                (0..=2, _) => Step::Reload((number % 4 != 0).then_some(number % 3)),
                (3, _) | (_, 0) => Step::NewWatcher,
                (4, count) => Step::DropFuture(number as usize % count),
                (_, count) => Step::Poll(number as usize % count),
            };
            match step {
                Step::Reload(config) => {
                    next.set(config);
                    let before = reload.current();
                    let result = reload.reload().await;
                    if config.is_some_and(|config| config != *before) {
                        replacements.extend(config);
                    } else {
                        let stays = Arc::ptr_eq(&before, &reload.current());
                        check(stays, || {
                            Failure::new(format!(
                                "A load returns {:?}, and the current configuration is {before}. So `current` should return the same `Arc` as \
                                 before; it returned another one.",
                                config.ok_or(())
                            ))
                            .usually(
                                "that a configuration is replaced by an equal one. Then watchers work for nothing. `send_if_modified` compares.",
                            )
                            .read(CONFIG)
                        });
                    }
                    let expected = config.ok_or(()).map(Arc::new);
                    check(result == expected, || {
                        Failure::new(format!(
                            "A load returns {:?}, so `reload` should return {expected:?}; it returned {result:?}.",
                            config.ok_or(())
                        ))
                        .usually_if(
                            (config.is_none() && result.is_ok())
                                .then_some(Mistake::ReturnsTheCurrent.meaning()),
                        )
                        .read(CONFIG)
                    });
                }
                Step::NewWatcher => watchers.push(Watching {
                    seen: replacements.len(),
                    watcher: reload.watch(),
                }),
                Step::DropFuture(number) => {
                    let watching = &mut watchers[number];
                    let mut future: Wait<'_, _> = Box::pin(watching.watcher.changed());
                    // What has been seen is decided by a poll that is ready.
                    if watching.seen == replacements.len() {
                        let _ = TestWaker::new().poll(future.as_mut());
                    }
                }
                Step::Poll(number) => {
                    check_changed(&mut watchers[number], &replacements).await;
                }
            }
        }
        for watching in &mut watchers {
            check_changed(watching, &replacements).await;
            check_changed(watching, &replacements).await;
        }
        drop(reload);
        for watching in &mut watchers {
            let ended = watching.watcher.changed().now_or_never();
            check(ended == Some(None), || {
                Failure::new(format!(
                    "The `Reload` was dropped, and this watcher has seen everything, so `changed` should return `None`; the result is {ended:?}."
                ))
                .usually("that the watcher itself keeps alive what it waits for.")
                .read(WATCH)
            });
        }
    });
}

/// Whether a watcher is told although nothing has been loaded.
fn is_told_at_once() -> bool {
    let reload = Reload::new(0, async || Ok::<u64, ()>(0));
    let mut watcher = reload.watch();
    watcher.changed().now_or_never().is_some()
}

const ELSE_IS_AWAITED: &str = "that something else is awaited when a replacement has been marked as seen. If the future is dropped there, \
                               the replacement is lost.";

/// Calls `changed`, and compares what it returns with the replacements so far.
async fn check_changed(watching: &mut Watching, replacements: &[u64]) {
    let waker = TestWaker::new();
    let mut changed: Wait<'_, _> = Box::pin(watching.watcher.changed());
    let first = waker.poll(changed.as_mut());
    let news = &replacements[watching.seen..];
    let expected = news.last().map(|config| Some(Arc::new(*config)));
    let missed = news.len();
    watching.seen = replacements.len();
    let mut comes_later = false;
    if first.is_pending() && expected.is_some() {
        sleep(ms(1)).await;
        comes_later = waker.poll(changed.as_mut()).is_ready();
    }
    let returned = match first {
        Poll::Ready(returned) => Some(returned),
        Poll::Pending => None,
    };
    check(returned == expected, || {
        Failure::new(format!(
            "The current configuration is {}, and was replaced {} since this watcher has seen it. `changed` should {}; the result is \
             {returned:?}.",
            replacements.last().copied().unwrap_or_default(),
            times(missed),
            match &expected {
                Some(_) => "return it at its first poll",
                None => "be pending",
            }
        ))
        .usually(match (&expected, &returned) {
            (None, _) if is_told_at_once() => {
                "that a watcher is told of the configuration that was current when it was made."
            }
            (None, _) if replacements.len() == 1 => {
                "that a load is told that has failed or changed nothing."
            }
            (None, _) => {
                "that what `changed` returns is not marked as seen, or that a load is told that has failed or changed nothing."
            }
            (Some(_), None) if comes_later => ELSE_IS_AWAITED,
            (Some(_), None) => {
                "that a replacement is lost on a watcher that is not waiting at that moment. Compare what the watcher has seen with what is \
                 current before you wait."
            }
            _ => "that the replacements are kept one by one. A watcher that was slow is told of the newest only.",
        })
        .read(WATCH)
    });
}

#[test]
fn every_watcher_is_woken() {
    grade_cases(async |case| {
        let next = Cell::new(1);
        let reload = Reload::new(0, async || Ok::<u64, ()>(next.get()));
        let count = case.size("watchers", 1..=40);
        let mut watchers: Vec<_> = (0..count).map(|_| reload.watch()).collect();
        let rounds = case.size("rounds", 1..=3);
        for round in 1..=rounds as u64 {
            let mut waits: Vec<(TestWaker, Wait<'_, Option<Arc<u64>>>)> = Vec::new();
            for watcher in &mut watchers {
                let waker = TestWaker::new();
                let mut wait: Wait<'_, _> = Box::pin(watcher.changed());
                let polled = waker.poll(wait.as_mut());
                check(polled.is_pending(), || {
                    Failure::new(format!(
                        "This watcher has seen everything, so `changed` should be pending; it returned {polled:?}."
                    ))
                    .usually(if is_told_at_once() {
                        "that a watcher is told of the configuration that was current when it was made."
                    } else {
                        "that what `changed` returns is not marked as seen."
                    })
                    .read(WATCH)
                });
                waits.push((waker, wait));
            }
            next.set(round);
            let _ = reload.reload().await;
            // Those that leave when they have been woken must not take the wake-ups of others along.
            let leave = case.size("dropped when they are woken", 0..=count - 1);
            waits.drain(..leave);
            for (waker, mut wait) in waits {
                let woken = waker.wake_count();
                let polled = waker.poll(wait.as_mut());
                let expected = Poll::Ready(Some(Arc::new(round)));
                check(woken > 0 && polled == expected, || {
                    Failure::new(format!(
                        "{} wait, and the configuration is replaced by {round}. Each should be woken and return it; one {} woken, and \
                         returned {polled:?}.",
                        plural(count, "watcher"),
                        if woken > 0 { "was" } else { "was not" }
                    ))
                    .usually(if woken > 0 && polled.is_pending() {
                        ELSE_IS_AWAITED
                    } else {
                        "that one waiter is woken, as by `notify_one`, or that watchers share what they have seen. Each has its own."
                    })
                    .read(WATCH)
                });
            }
            // What was dropped has seen nothing.
            for watcher in watchers.iter_mut().take(leave) {
                let changed = watcher.changed().now_or_never().flatten();
                check(changed == Some(Arc::new(round)), || {
                    Failure::new(format!(
                        "A call of `changed` was dropped after it was woken, so the next one should return {round} at its first poll; the \
                         result is {changed:?}."
                    ))
                    .usually("that a replacement is marked as seen when the watcher is woken, and not when `changed` returns it.")
                    .read(DROPPED)
                });
            }
        }
    });
}

#[test]
fn a_watcher_wakes_the_latest_waker() {
    every_waker_sequence(|| {
        let reload = Rc::new(Reload::new(0, async || Ok::<u64, ()>(1)));
        let mut watcher = reload.watch();
        (async move { watcher.changed().await }, move || {
            drop(reload.reload().now_or_never())
        })
    });
}

#[test]
fn dropping_a_reload_drops_the_load() {
    drop_at_every_await(
        async || {
            let (running, tasks) = (Gauge::new(), Tasks::baseline());
            let load = {
                let running = running.clone();
                async move || {
                    let _running = running.enter();
                    sleep(ms(5)).await;
                    sleep(ms(5)).await;
                    Ok::<u64, ()>(1)
                }
            };
            let reload = Rc::new(Reload::new(0, load));
            let reloading = Rc::clone(&reload);
            let call = async move {
                let _ = reloading.reload().await;
            };
            (call, (reload, running, tasks))
        },
        async |(reload, running, tasks)| {
            let left = running.now();
            check(left == 0, || {
                Failure::new(format!(
                    "When the future is dropped, the load should be dropped; {left} is in progress."
                ))
                .usually("that the load was leaked, or runs in a task.")
                .read(RUNS_ON)
            });
            let clock = Clock::start();
            let next = timeout(LONG, reload.reload()).await;
            let took = clock.elapsed();
            check(next == Ok(Ok(Arc::new(1))) && took == ms(10), || {
                Failure::new(format!(
                    "After the drop, the next call should load in 10 ms; the result is {next:?} after {}.",
                    in_ms(took)
                ))
                .usually(Mistake::WaitersAreWedged.meaning())
                .read(LEADER)
            });
            tasks.check_none_left_behind().await;
        },
    );
}

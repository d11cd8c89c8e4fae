//! `Reload`: which load answers a call, what is current, and what watchers are told.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::rc::Rc;

use tokio::sync::Semaphore;
use tokio::task::yield_now;

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

type Calling<'a> = (TestWaker, Wait<'a, Result<Arc<u64>, ()>>);

/// A call that was polled once, and is pending.
fn polled<L: AsyncFn() -> Result<u64, ()>>(reload: &Reload<u64, (), L>) -> Calling<'_> {
    let (waker, mut call): Calling<'_> = (TestWaker::new(), Box::pin(reload.reload()));
    let polled = waker.poll(call.as_mut());
    check(polled.is_pending(), || {
        Failure::new(format!(
            "A load takes time, so `reload` should be pending; it returned {polled:?}."
        ))
        .read(CONFIG)
    });
    (waker, call)
}

#[test]
fn a_call_waits_for_loads_only() {
    grade_cases(async |case| {
        let (begun, ends) = (Cell::new(0), Semaphore::new(0));
        let load = async || {
            begun.set(begun.get() + 1);
            let number = begun.get();
            ends.acquire().await.map_err(|_| ())?.forget();
            Ok::<u64, ()>(number)
        };
        let reload = Reload::new(0, load);
        let (first_waker, mut first) = polled(&reload);
        let followers = case.size("calls during the first load", 1..=4);
        let mut followers: Vec<_> = (0..followers).map(|_| polled(&reload)).collect();
        // Calls come and leave, and nothing changes for the others.
        for _ in 0..case.size("calls that come and leave", 0..=3) {
            drop(polled(&reload));
        }
        let woken: usize = followers.iter().map(|(waker, _)| waker.wake_count()).sum();
        check(woken == 0, || {
            Failure::new(format!(
                "A load is in progress, and calls come and leave. No call that waits should be woken; {} woken.",
                were(woken)
            ))
            .usually("that each new call wakes those that wait. Nothing has changed for them before the load ends.")
            .read(CONDITION)
        });
        ends.add_permits(1);
        let loaded = first_waker.poll(first.as_mut());
        let current = reload.current();
        check(*current == 1, || {
            Failure::new(format!(
                "A call was polled, and in that poll its load has returned 1. Then 1 should be the current configuration; it is {current}."
            ))
            .usually_if(loaded.is_pending().then_some(
                "that something else is awaited when the load has ended, and before the configuration is replaced.",
            ))
            .read(CONFIG)
        });
        let loaded = match loaded {
            Poll::Pending => poll_while_woken(&first_waker, &mut first).await,
            loaded => loaded,
        };
        check(loaded == Poll::Ready(Ok(Arc::new(1))), || {
            Failure::new(format!(
                "The first load has returned 1, so the poll of its call should do so, too; it returned {loaded:?}."
            ))
            .read(CONFIG)
        });
        // The call that should load next may leave before it does.
        let leave = case.size(
            "calls that leave when it has ended",
            0..=followers.len() - 1,
        );
        followers.drain(..leave);
        let (next_waker, mut next) = followers.remove(0);
        check_begins(
            &next_waker,
            &mut next,
            if leave == 0 {
                "the first load has ended, and this call came first of those that wait"
            } else {
                "the first load has ended, and the calls that came before this one were dropped then"
            },
            &begun,
            2,
        );
        let (late_waker, mut late) = polled(&reload);
        ends.add_permits(1);
        let loaded = poll_while_woken(&next_waker, &mut next).await;
        check(loaded == Poll::Ready(Ok(Arc::new(2))), || {
            Failure::new(format!(
                "The second load has returned 2, so the poll of its call should do so, too; it returned {loaded:?}."
            ))
            .read(CONFIG)
        });
        // One may be woken by the end of the load, or by another one that returns.
        while let Some(woken) = followers
            .iter()
            .position(|(waker, _)| waker.wake_count() > 0)
        {
            let (waker, mut call) = followers.remove(woken);
            let polled = poll_while_woken(&waker, &mut call).await;
            check(polled == Poll::Ready(Ok(Arc::new(2))), || {
                Failure::new(format!(
                    "A call is answered by the second load, which has ended, so it should return 2 when it is woken; it returned {polled:?}."
                ))
                .read(SINGLE_FLIGHT)
            });
        }
        check(followers.is_empty(), || {
            Failure::new(format!(
                "The second load has ended. Each call that it answers should be woken; {} not.",
                were(followers.len())
            ))
            .read(SINGLE_FLIGHT)
        });
        check_begins(
            &late_waker,
            &mut late,
            "the second load has ended, and this call came during it",
            &begun,
            3,
        );
    });
}

/// Polls a call, and again as long as it is woken at the same instant.
async fn poll_while_woken<T>(waker: &TestWaker, call: &mut Wait<'_, T>) -> Poll<T> {
    loop {
        let woken = waker.wake_count();
        let polled = waker.poll(call.as_mut());
        // A future that yields is woken when this task has yielded.
        yield_now().await;
        if polled.is_ready() || waker.wake_count() == woken {
            return polled;
        }
    }
}

/// The poll of this call should begin a load.
fn check_begins(
    waker: &TestWaker,
    call: &mut Wait<'_, Result<Arc<u64>, ()>>,
    why: &str,
    begun: &Cell<u64>,
    expected: u64,
) {
    let is_woken = waker.wake_count() > 0;
    let polled = waker.poll(call.as_mut());
    let loads = begun.get();
    check(is_woken && polled.is_pending() && loads == expected, || {
        Failure::new(format!(
            "{}{}. So it should be woken, and its poll should begin load {expected}; it {} woken, and after the poll {} begun.",
            why[..1].to_uppercase(),
            &why[1..],
            if is_woken { "was" } else { "was not" },
            match loads {
                1 => "only one load has".to_owned(),
                loads => format!("{loads} loads have"),
            }
        ))
        .usually_if(polled.is_ready().then_some(Mistake::JoinsTheLoad.meaning()))
        .read(LEADER)
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
                    let current = reload.current();
                    let is_current = result
                        .as_ref()
                        .is_ok_and(|config| Arc::ptr_eq(config, &current));
                    check(is_current || result != expected || result.is_err(), || {
                        Failure::new(format!(
                            "A load returns {:?}, and the configuration was {before}. `reload` should return the same `Arc` as `current`; it \
                             returned another one with the same value.",
                            config.ok_or(())
                        ))
                        .usually("that what was loaded is returned, although an equal configuration stays.")
                        .read(CONFIG)
                    });
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
        // Those that have not seen the newest one return it after the drop, too.
        let drops_first = case.below(2) == 0;
        if !drops_first {
            for watching in &mut watchers {
                check_changed(watching, &replacements).await;
                check_changed(watching, &replacements).await;
            }
        }
        drop(reload);
        for watching in &mut watchers {
            if drops_first && watching.seen < replacements.len() {
                check_changed(watching, &replacements).await;
            }
            let ended = watching.watcher.changed().now_or_never();
            check(ended == Some(None), || {
                Failure::new(format!(
                    "The `Reload` was dropped, and this watcher has seen everything, so `changed` should return `None`; the result is {ended:?}."
                ))
                .usually(match ended {
                    Some(Some(_)) => "that what `changed` returns is not marked as seen.",
                    _ => "that the watcher itself keeps alive what it waits for.",
                })
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

/// Whether a watcher is told of a replacement that was made while it did not wait.
fn is_told_later() -> bool {
    let reload = Reload::new(0, async || Ok::<u64, ()>(1));
    let mut watcher = reload.watch();
    let _ = reload.reload().now_or_never();
    let changed = watcher.changed().now_or_never();
    changed.flatten().is_some()
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
        comes_later = matches!(waker.poll(changed.as_mut()), Poll::Ready(Some(_)));
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
            (Some(_), Some(None)) if is_told_later() => {
                "that the end of the `Reload` is looked at before the replacement, which this watcher has not seen."
            }
            (Some(_), None) if comes_later => ELSE_IS_AWAITED,
            (Some(_), None | Some(None)) => {
                "that a replacement is lost on a watcher that is not waiting at that moment. Compare what the watcher has seen with what is \
                 current before you wait."
            }
            _ => "that the replacements are kept one by one. A watcher that was slow is told of the newest only.",
        })
        .read(WATCH)
    });
}

/// Whether a replacement wakes all watchers, if none has left.
fn wakes_all() -> bool {
    let reload = Reload::new(0, async || Ok::<u64, ()>(1));
    let mut watchers = [reload.watch(), reload.watch(), reload.watch()];
    let wakers = [TestWaker::new(), TestWaker::new(), TestWaker::new()];
    let mut waits: Vec<Wait<'_, _>> = Vec::new();
    for (watcher, waker) in watchers.iter_mut().zip(&wakers) {
        let mut wait: Wait<'_, _> = Box::pin(watcher.changed());
        let _ = waker.poll(wait.as_mut());
        waits.push(wait);
    }
    let _ = reload.reload().now_or_never();
    wakers.iter().all(|waker| waker.wake_count() > 0)
}

#[test]
fn every_watcher_is_woken() {
    grade_cases(async |case| {
        let next = Cell::new(Some(0));
        let reload = Reload::new(0, async || next.get().ok_or(()));
        let count = case.size("watchers", 1..=40);
        let mut watchers: Vec<_> = (0..count).map(|_| reload.watch()).collect();
        let rounds = case.size("rounds", 1..=3);
        for round in 1..=rounds as u64 {
            let mut waits = Vec::new();
            for (number, watcher) in watchers.iter_mut().enumerate() {
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
                waits.push((number, waker, wait));
            }
            // A watcher that leaves before must not take the waker of another one along.
            let mut left = Vec::new();
            for _ in 0..case.size("dropped before", 0..=count - 1) {
                let leaves = case.below(waits.len() as u64) as usize;
                left.push(waits.remove(leaves).0);
            }
            for _ in 0..case.size("loads that change nothing", 0..=2) {
                let load = *case.pick("load", &["fails", "returns an equal configuration"]);
                next.set((load != "fails").then_some(round - 1));
                let _ = reload.reload().await;
                let woken = waits
                    .iter()
                    .filter(|(_, waker, _)| waker.wake_count() > 0)
                    .count();
                check(woken == 0, || {
                    Failure::new(format!(
                        "A load {load}, so the configuration is not replaced, and no watcher should be woken; {} woken.",
                        were(woken)
                    ))
                    .usually("that watchers are woken by every load, and not by a replacement. Each of them is polled for nothing.")
                    .read(WATCH)
                });
            }
            let has_left = !left.is_empty();
            let count = waits.len();
            next.set(Some(round));
            let _ = reload.reload().await;
            // Those that leave when they have been woken must not take the wake-ups of others along.
            let leave = case.size("dropped when they are woken", 0..=count - 1);
            left.extend(waits.drain(..leave).map(|(number, ..)| number));
            for (_, waker, mut wait) in waits {
                let woken = waker.wake_count();
                let polled = waker.poll(wait.as_mut());
                let expected = Poll::Ready(Some(Arc::new(round)));
                check(woken <= 1, || {
                    Failure::new(format!(
                        "A watcher was polled once, and the configuration was replaced once. Its waker should be called once; it was called {}.",
                        times(woken)
                    ))
                    .read(WATCH)
                });
                check(woken > 0 && polled == expected, || {
                    Failure::new(format!(
                        "{} wait, and the configuration is replaced by {round}. Each should be woken and return it; one {} woken, and \
                         returned {polled:?}.",
                        plural(count, "watcher"),
                        if woken > 0 { "was" } else { "was not" }
                    ))
                    .usually(if woken > 0 && polled.is_pending() {
                        ELSE_IS_AWAITED
                    } else if has_left && wakes_all() {
                        TAKES_ALONG
                    } else {
                        "that one waiter is woken, as by `notify_one`, or that watchers share what they have seen. Each has its own."
                    })
                    .read(WATCH)
                });
            }
            // What was dropped has seen nothing.
            for number in left {
                let changed = watchers[number].changed().now_or_never().flatten();
                check(changed == Some(Arc::new(round)), || {
                    Failure::new(format!(
                        "A call of `changed` was dropped before it returned, so the next one should return {round} at its first poll; the \
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
fn a_waiting_watcher_ends_with_the_reload() {
    grade_cases(async |case| {
        let reload = Reload::new(0, async || Ok::<u64, ()>(1));
        let count = case.size("watchers", 1..=5);
        let mut watchers: Vec<_> = (0..count).map(|_| reload.watch()).collect();
        let waits = watchers.iter_mut().map(|watcher| {
            let (waker, mut wait): (_, Wait<'_, _>) =
                (TestWaker::new(), Box::pin(watcher.changed()));
            let _ = waker.poll(wait.as_mut());
            (waker, wait)
        });
        let mut waits: Vec<_> = waits.collect();
        let is_replaced = case.below(2) == 1;
        if is_replaced {
            let _ = reload.reload().await;
        }
        drop(reload);
        let expected = is_replaced.then(|| Arc::new(1));
        for (waker, wait) in &mut waits {
            let (woken, ended) = (waker.wake_count(), waker.poll(wait.as_mut()));
            check(woken > 0 && ended == Poll::Ready(expected.clone()), || {
                Failure::new(format!(
                    "A watcher waits, and the {}`Reload` is dropped. It should be woken and return {expected:?}; it {} woken, and returned \
                     {ended:?}.",
                    if is_replaced { "configuration is replaced by 1, and the " } else { "" },
                    if woken > 0 { "was" } else { "was not" }
                ))
                .usually_if(match (is_replaced, woken) {
                    (true, _) if ended == Poll::Ready(None) => {
                        Some("that the end of the `Reload` is looked at before the replacement, which this watcher has not seen.")
                    }
                    (false, 0) => Some("that nothing wakes the watchers when the `Reload` is dropped, so they wait forever."),
                    _ => None,
                })
                .read(WATCH)
            });
        }
    });
}

#[test]
fn a_waiting_call_wakes_the_latest_waker() {
    every_waker_sequence(|| {
        let ends = Rc::new(Semaphore::new(0));
        let load = {
            let ends = Rc::clone(&ends);
            async move || {
                ends.acquire().await.map_err(|_| ())?.forget();
                Ok::<u64, ()>(1)
            }
        };
        let reload = Rc::new(Reload::new(0, load));
        let (loading, waiting) = (Rc::clone(&reload), reload);
        let mut first = Box::pin(async move { loading.reload().await });
        let _ = TestWaker::new().poll(first.as_mut());
        (async move { waiting.reload().await }, move || {
            ends.add_permits(1);
            let _ = TestWaker::new().poll(first.as_mut());
        })
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

//! `Readiness`: what the status is after each call, and who is woken.

use super::*;
use exercises::production::{Readiness, ReadyGuard, ShuttingDown, Status};

#[path = "Readiness_model.rs"]
mod model;

use model::{Mistake, Plan, Seen, Step};

fn run(plan: &Plan) -> Seen {
    let components: Vec<_> = plan.components.iter().map(String::as_str).collect();
    let readiness = Readiness::new(&components);
    let other = readiness.clone();
    let mut guards = Vec::new();
    let mut seen = vec![(true, readiness.status())];
    for step in &plan.steps {
        let mut has_guard = true;
        match step {
            Step::Report(name) => {
                let guard = readiness.report(name);
                has_guard = guard.is_some();
                guards.extend(guard);
            }
            Step::Drop(_) if guards.is_empty() => {}
            Step::Drop(guard) => {
                let guard = guard % guards.len();
                drop(guards.remove(guard));
            }
            Step::ShutDown => readiness.shut_down(),
        }
        seen.push((has_guard, other.status()));
    }
    drop((readiness, other));
    // The guards are dropped last.
    seen
}

fn check_plan(plan: &Plan) {
    let (seen, expected) = (run(plan), plan.outcome(None));
    let Some(at) = (0..expected.len()).find(|at| seen[*at] != expected[*at]) else {
        return;
    };
    let cause = cause(plan, &seen);
    let shown = |(has_guard, status): &(bool, _)| match has_guard {
        true => format!("{status:?}"),
        false => format!("{status:?}, without a guard"),
    };
    check(false, || {
        Failure::new(format!(
            "{}, it should be {}; it was {}.",
            plan.told(at),
            shown(&expected[at]),
            shown(&seen[at])
        ))
        .usually_if(cause.map(Mistake::meaning))
        .read(cause.map_or(PROBES, Mistake::page))
    });
}

fn cause(plan: &Plan, seen: &Seen) -> Option<Mistake> {
    let mut plans = model::probes();
    let mut all: Vec<Seen> = plans.iter().map(run).collect();
    plans.push(plan.clone());
    all.push(seen.clone());
    let explains = |mistake: &&Mistake| {
        let outcomes = plans.iter().map(|plan| plan.outcome(Some(**mistake)));
        outcomes.eq(all.iter().cloned())
    };
    Mistake::ALL.iter().find(explains).copied()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Report,
    Unknown,
    Drop,
    ShutDown,
}

fn drawn(case: &Case, kinds: &[Kind]) -> Plan {
    let count = case.size("components", 0..=8);
    let components = case.texts("names", count);
    let steps = case.size("calls", 0..=40);
    let steps = (0..steps).map(|_| {
        let number = case.below(1 << 16) as usize;
        match kinds[case.below(kinds.len() as u64) as usize] {
            Kind::Report if count > 0 => Step::Report(components[number % count].clone()),
            Kind::Report | Kind::Unknown => Step::Report("unknown".to_owned()),
            Kind::Drop => Step::Drop(number % 50),
            Kind::ShutDown => Step::ShutDown,
        }
    });
    let steps = steps.collect();
    Plan { components, steps }
}

#[test]
fn ready_when_all_components_are() {
    grade_cases(async |case| {
        let kinds = [Kind::Report, Kind::Report, Kind::Report, Kind::Unknown];
        check_plan(&drawn(&case, &kinds));
    });
}

#[test]
fn a_component_is_ready_while_a_guard_exists() {
    grade_cases(async |case| {
        let kinds = [Kind::Report, Kind::Report, Kind::Drop];
        check_plan(&drawn(&case, &kinds));
    });
}

#[test]
fn never_ready_again_after_the_shutdown() {
    grade_cases(async |case| {
        let kinds = [
            Kind::Report,
            Kind::Report,
            Kind::Report,
            Kind::Drop,
            Kind::ShutDown,
        ];
        check_plan(&drawn(&case, &kinds));
    });
}

/// The status of a service whose only component has had this many guards, when all but some are dropped.
fn status_after(guards: usize, left: usize) -> Status {
    let readiness = Readiness::new(&["db"]);
    let mut guards: Vec<_> = (0..guards).map(|_| readiness.report("db")).collect();
    guards.truncate(left);
    readiness.status()
}

#[test]
fn a_component_may_have_many_guards() {
    grade_cases(async |case| {
        let count = case.size_near("guards", 256, 1..=600);
        let left = *case.pick("guards that are left", &[count, 0, 1, 255, 256]);
        let left = left.min(count);
        let (status, is_ready) = (status_after(count, left), left > 0);
        check((status == Status::Ready) == is_ready, || {
            let few_are_counted = status_after(3, 0) != Status::Ready
                && [1, 2].map(|left| status_after(3, left)) == [Status::Ready, Status::Ready];
            Failure::new(format!(
                "A component has had {}, and {left} of them {}. The service should {}be ready; the status is {status:?}.",
                plural(count, "guard"),
                if left == 1 { "exists" } else { "exist" },
                if is_ready { "" } else { "not " },
            ))
            .usually_if((count > 255 && few_are_counted).then_some("that the guards are counted in a type that is too small."))
            .read(PROBES)
        });
    });
}

#[test]
fn clones_belong_to_the_same_service() {
    grade_cases(async |case| {
        let original = Readiness::new(&["db"]);
        let clone = original.clone();
        let handles = [original, clone.clone(), clone];
        let names = ["the original", "a clone", "a clone of a clone"];
        let mut waits = waiting(&handles[case.size("waits", 0..=2)], 1);
        let mut guard = None;
        let mut steps = vec!["report", "drop of the guard", "shut_down"];
        steps.truncate(case.size("steps", 1..=3));
        for step in steps {
            let by = case.size("calls", 0..=2);
            let expected = match step {
                "report" => {
                    guard = handles[by].report("db");
                    Status::Ready
                }
                "shut_down" => {
                    handles[by].shut_down();
                    Status::ShuttingDown
                }
                _ => {
                    guard = None;
                    let missing = vec!["db".to_owned()];
                    Status::NotReady { missing }
                }
            };
            for (handle, name) in handles.iter().zip(names) {
                let status = handle.status();
                check(status == expected, || {
                    Failure::new(format!(
                        "After {step} by {}, the status of {name} should be {expected:?}; it is {status:?}.",
                        names[by]
                    ))
                    .usually_if((status != handles[by].status()).then_some(
                        "that clones have a part of the state of their own. What belongs to the service is shared, as in an `Arc`.",
                    ))
                    .read(PROBES)
                });
            }
        }
        let (waker, wait) = &mut waits[0];
        let woken = waker.wake_count();
        let polled = waker.poll(wait.as_mut());
        let is_shutting_down = handles[0].status() == Status::ShuttingDown;
        check(
            woken > 0 && (!is_shutting_down || polled.is_ready()),
            || {
                Failure::new(format!(
                "A clone waits, and another one {}. The waiter should be woken, and see it; it {} woken, and returned {polled:?}.",
                if is_shutting_down { "shuts down" } else { "reports the last component" },
                if woken > 0 { "was" } else { "was not" },
            ))
            .read(CONDITION)
            },
        );
        drop(guard);
    });
}

/// A service with some components, all but the last of which are ready.
fn almost_ready(case: &Case) -> (Readiness, Vec<String>, Vec<Option<ReadyGuard>>) {
    let count = case.size("components", 1..=8);
    let names: Vec<_> = (0..count).map(|n| format!("component {n}")).collect();
    let borrowed: Vec<_> = names.iter().map(String::as_str).collect();
    let readiness = Readiness::new(&borrowed);
    let guards = names[1..].iter().map(|name| readiness.report(name));
    let guards = guards.collect();
    (readiness, names, guards)
}

type Waiting<'a> = (TestWaker, Wait<'a, Result<(), ShuttingDown>>);

fn waiting(readiness: &Readiness, count: usize) -> Vec<Waiting<'_>> {
    let is_not_ready = matches!(readiness.status(), Status::NotReady { .. });
    let waits = (0..count).map(|_| {
        let (waker, mut wait): Waiting<'_> = (TestWaker::new(), Box::pin(readiness.wait_ready()));
        let polled = waker.poll(wait.as_mut());
        check(polled.is_pending(), || {
            Failure::new(format!(
                "A component is not ready, so `wait_ready` should be pending; it returned {polled:?}."
            ))
            .usually_if(is_not_ready.then_some("that it does not look at the status when it is polled first."))
            .read(PROBES)
        });
        (waker, wait)
    });
    waits.collect()
}

const NONE_IS_WOKEN: &str = "that nothing wakes a waiter at that moment. One that sleeps and looks again, or wakes itself all the time, \
                             comes late or burns a processor.";

/// Makes calls that change nothing.
fn check_none_is_woken(case: &Case, readiness: &Readiness, waits: &[Waiting<'_>]) {
    for _ in 0..case.size("calls that change nothing", 0..=4) {
        let call = *case.pick("call", &["status()", "report(\"unknown\")", "clone()"]);
        match call {
            "status()" => drop(readiness.status()),
            "clone()" => drop(readiness.clone()),
            _ => drop(readiness.report("unknown")),
        }
        let woken = waits
            .iter()
            .filter(|(waker, _)| waker.wake_count() > 0)
            .count();
        check(woken == 0, || {
            Failure::new(format!(
                "`{call}` changes nothing, so no waiter should be woken; {} woken.",
                were(woken)
            ))
            .usually("that waiters are woken by every call, and not by changes. Each of them is polled for nothing.")
            .read(CONDITION)
        });
    }
}

/// Whether a report wakes all waiters, if none has left.
fn wakes_all() -> bool {
    let readiness = Readiness::new(&["db"]);
    let waits = waiting(&readiness, 4);
    let _guard = readiness.report("db");
    waits.iter().all(|(waker, _)| waker.wake_count() > 0)
}

const ALL_ARE_WOKEN: &str =
    "that one waiter is woken, as by `notify_one`. There may be many: wake all of them.";

#[test]
fn every_waiter_is_woken() {
    grade_cases(async |case| {
        let (readiness, names, _guards) = almost_ready(&case);
        let count = case.size("waiters", 1..=40);
        let mut waits = waiting(&readiness, count);
        // A waiter that leaves before must not take the waker of another one along.
        for _ in 0..case.size("dropped before", 0..=count - 1) {
            drop(waits.remove(case.below(waits.len() as u64) as usize));
        }
        check_none_is_woken(&case, &readiness, &waits);
        let has_left = waits.len() < count;
        let count = waits.len();
        let event = *case.pick(
            "event",
            &["the last component reports", "the shutdown begins"],
        );
        let mut guard = None;
        let expected = match event {
            "the shutdown begins" => {
                readiness.shut_down();
                Err(ShuttingDown)
            }
            _ => {
                guard = readiness.report(&names[0]);
                Ok(())
            }
        };
        if event == "the shutdown begins" && case.below(2) == 0 {
            readiness.shut_down();
        }
        let is_any_woken = waits.iter().any(|(waker, _)| waker.wake_count() > 0);
        // Those that leave when they have been woken must not take the wake-ups of others along.
        let leave = case.size("dropped when they are woken", 0..=count - 1);
        waits.drain(..leave);
        for (waker, wait) in &mut waits {
            let woken = waker.wake_count();
            check(woken > 0, || {
                let report = Failure::new(format!(
                    "{} of `wait_ready` wait, and {event}. Each should be woken; one was not.",
                    plural(count, "call")
                ));
                match (is_any_woken, event) {
                    (true, _) if wakes_all() => report.usually_if(has_left.then_some(TAKES_ALONG)),
                    (true, _) => report.usually(ALL_ARE_WOKEN),
                    (false, "the shutdown begins") => report.usually(
                        "that waiters are not woken when the shutdown begins. What they wait for cannot happen any more.",
                    ),
                    (false, _) => report.usually(NONE_IS_WOKEN),
                }
                .read(CONDITION)
            });
            check(woken == 1, || {
                Failure::new(format!(
                    "A waiter was polled once, and {event}. Its waker should be called once; it was called {}.",
                    times(woken)
                ))
                .usually("that a waker stays stored when it has been called, or that a second `shut_down` wakes the waiters again.")
                .read(CONDITION)
            });
            let polled = waker.poll(wait.as_mut());
            check(polled == Poll::Ready(expected), || {
                Failure::new(format!(
                    "After {event}, a waiter that is polled should return {expected:?}; it returned {polled:?}."
                ))
                .usually(if polled.is_pending() {
                    "that the poll does not look at the status, or at the shutdown after the components."
                } else {
                    "that the wake-up is taken for the status. Look at the status in each poll."
                })
                .read(PROBES)
            });
        }
        drop(guard);
    });
}

#[test]
fn a_woken_waiter_looks_at_the_status() {
    grade_cases(async |case| {
        let (readiness, names, mut guards) = almost_ready(&case);
        let mut waits = waiting(&readiness, 1);
        let (waker, wait) = &mut waits[0];
        let rounds = case.size("rounds", 1..=4);
        for round in 0..rounds {
            let guard = readiness.report(&names[0]);
            // Another component may be lost while this one stays.
            let lost = case.size("lost component", 0..=guards.len());
            match lost.checked_sub(1) {
                None => drop(guard),
                Some(other) => {
                    guards[other] = None;
                    let polled = waker.poll(wait.as_mut());
                    check_not_ready(&polled);
                    drop(guard);
                    guards[other] = readiness.report(&names[other + 1]);
                }
            }
            if round + 1 < rounds && case.below(2) == 0 {
                continue;
            }
            let polled = waker.poll(wait.as_mut());
            check_not_ready(&polled);
        }
        let before = waker.wake_count();
        let end = *case.pick(
            "in the end",
            &["ready", "ready, then the shutdown", "shutdown"],
        );
        let guard = (end != "shutdown").then(|| readiness.report(&names[0]));
        if end != "ready" {
            readiness.shut_down();
        }
        let expected = if end == "ready" {
            Ok(())
        } else {
            Err(ShuttingDown)
        };
        let woken = waker.wake_count() > before;
        let polled = waker.poll(wait.as_mut());
        check(woken && polled == Poll::Ready(expected), || {
            let is_stale = woken && polled == Poll::Ready(Ok(()));
            let report = Failure::new(format!(
                "A service was ready and not ready again {}, and in the end: {end}. A waiter should be woken, and return {expected:?}; it \
                 {} woken, and returned {polled:?}.",
                times(rounds),
                if woken { "was" } else { "was not" },
            ));
            report
                .usually(match (woken, before) {
                    _ if is_stale => "that a waiter returns what was so when it was woken. The shutdown has begun since.",
                    (true, _) => "that a poll looks at the components only, and not at the shutdown before them.",
                    (false, _) if end == "shutdown" => "that the shutdown wakes no waiter.",
                    (false, 0) => NONE_IS_WOKEN,
                    (false, _) => "that a waiter that was woken once is not woken again.",
                })
                .read(CONDITION)
        });
        drop(guard);
    });
}

fn check_not_ready(polled: &Poll<Result<(), ShuttingDown>>) {
    check(polled.is_pending(), || {
        Failure::new(format!(
            "A waiter was woken, and before its poll a component was lost again. It should be pending; it returned {polled:?}."
        ))
        .usually("that the wake-up is taken for the status. Look at the status again, in a loop.")
        .read(CONDITION)
    });
}

#[test]
fn the_first_poll_is_enough() {
    grade_cases(async |case| {
        let names = case.texts("names", case.size("components", 0..=8));
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let readiness = Readiness::new(&names);
        let state = *case.pick("state", &["ready", "shutting down"]);
        let _guards: Vec<_> = names.iter().map(|name| readiness.report(name)).collect();
        if state == "shutting down" {
            readiness.shut_down();
        }
        let expected = match state {
            "ready" => Ok(()),
            _ => Err(ShuttingDown),
        };
        for _ in 0..case.size("calls", 1..=3) {
            let budget = *case.pick("budget of the poll", &[100, 0]);
            let poll = || readiness.wait_ready().now_or_never();
            let polled = with_budget(budget, poll).await;
            let needs_budget = polled.is_none() && with_budget(100, poll).await.is_some();
            let with = if needs_budget { NO_BUDGET } else { "" };
            check(polled == Some(expected), || {
                Failure::new(format!(
                    "The service is {state}, so the first poll of `wait_ready` should return {expected:?}; the result is {polled:?}{with}."
                ))
                .usually(if needs_budget {
                    AWAITS_FIRST
                } else {
                    "that it waits for the next change before it looks at the status. What it waits for has happened already."
                })
                .read(if needs_budget { BUDGET } else { CONDITION })
            });
        }
    });
}

#[test]
fn wakes_the_latest_waker() {
    every_waker_sequence(|| {
        let readiness = Readiness::new(&["db"]);
        let reporting = readiness.clone();
        (async move { readiness.wait_ready().await }, move || {
            // The service stays ready.
            std::mem::forget(reporting.report("db"));
        })
    });
}

#[test]
fn a_dropped_waiter_leaves_no_waker() {
    grade(async || {
        let readiness = Readiness::new(&["db"]);
        let mut waits = waiting(&readiness, 1);
        let (waker, mut wait) = waits.remove(0);
        for _ in 0..3 {
            let _ = waker.poll(wait.as_mut());
        }
        sleep(ms(1)).await;
        let woken = waker.wake_count();
        drop(wait);
        sleep(ms(1)).await;
        let left = waker.live_wakers();
        check((woken, left) == (0, 0), || {
            let report = Failure::new(format!(
                "`wait_ready` was polled and dropped, and nothing has happened. Its waker should not have been called, and should be dropped; \
                 it was called {}, and {} of it exist.",
                times(woken),
                match left {
                    0 => "no clones".to_owned(),
                    left => plural(left, "clone"),
                }
            ));
            if woken > 0 {
                report
                    .usually(
                        "a busy loop: a future that wakes itself is polled again at once, forever.",
                    )
                    .read(BUSY)
            } else {
                report
                    .usually("that nothing removes the waker when the future is dropped.")
                    .read(CANCELLED)
            }
        });
    });
}

#[test]
fn no_time_passes_before_a_waiter_returns() {
    grade_cases(async |case| {
        let (readiness, names, _guards) = almost_ready(&case);
        let count = case.size("waiters", 1..=8);
        let delay = case.long_time("ready after");
        let mut waits: Vec<Wait<'_, Option<Duration>>> = Vec::new();
        for _ in 0..count {
            let readiness = &readiness;
            waits.push(Box::pin(async move {
                let clock = Clock::start();
                let result = timeout(delay + LONG, readiness.wait_ready()).await;
                (result == Ok(Ok(()))).then(|| clock.elapsed())
            }));
        }
        let (ready, name) = (&readiness, &names[0]);
        waits.push(Box::pin(async move {
            take(delay).await;
            // The service stays ready.
            std::mem::forget(ready.report(name));
            None
        }));
        let ended = join_woken(waits).await;
        for ended in &ended[..count] {
            check(*ended == Some(delay), || {
                Failure::new(format!(
                    "The service becomes ready after {}, and a waiter should return at that instant; {}.",
                    in_ms(delay),
                    match ended {
                        Some(at) => format!("it returned after {}", in_ms(*at)),
                        None => "it did not return".to_owned(),
                    }
                ))
                .usually_if((*ended != Some(Duration::ZERO)).then_some(
                    "that the waiter sleeps and looks again, or gives up after some time. A change wakes it.",
                ))
                .read(CONDITION)
            });
        }
    });
}

//! `CircuitBreaker`: which calls are made, what they change, and what they do not.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, resume_unwind};

use tokio::time::sleep_until;

use super::*;
use exercises::resilience::{CallError, CircuitBreaker as Answer, State};

#[path = "circuit_breaker_model.rs"]
mod model;

use model::{Call, End, Mistake, Plan, Result, Seen};

fn breaker(plan: &Plan) -> Answer {
    let failures = NonZeroU32::new(plan.failures).unwrap_or(NonZeroU32::MIN);
    Answer::new(failures, ms(plan.pause))
}

/// Drops a future while a panic unwinds, as happens to what a task has when the task panics.
fn drop_while_panicking<T>(future: T) {
    let unwound = std::panic::catch_unwind(AssertUnwindSafe(move || {
        let _future = future;
        resume_unwind(Box::new("a panic of the caller"));
    }));
    debug_assert!(unwound.is_err());
}

/// Makes the calls of `plan`, each at its instant. All futures are made at the start.
async fn run(plan: &Plan) -> Vec<Seen> {
    let (breaker, start) = (breaker(plan), Instant::now());
    let calls = plan.calls.iter().enumerate().map(|(number, call)| {
        let breaker = &breaker;
        async move {
            let (was_polled, is_ready) = (Cell::new(false), Cell::new(false));
            let operation = async {
                was_polled.set(true);
                sleep_until(start + ms(call.ends)).await;
                is_ready.set(call.end != End::Dropped);
                match call.end {
                    End::Ok => Ok(number),
                    End::Error => Err(number),
                    End::Panic => resume_unwind(Box::new(number)),
                    End::Dropped => std::future::pending().await,
                }
            };
            let mut calling = Box::pin(AssertUnwindSafe(breaker.call(operation)).catch_unwind());
            let limit = match call.end {
                End::Dropped => start + ms(call.ends),
                _ => start + LONG,
            };
            sleep_until(start + ms(call.at)).await;
            let before = breaker.state();
            let watched = pending_when_known(|| is_ready.get(), calling.as_mut());
            let ended = tokio::time::timeout_at(limit, watched).await;
            // What was in progress is dropped here; what has ended is kept until the state has been looked at.
            let finished = match &ended {
                Ok(_) => Some(calling),
                Err(_) if plan.panics_drop => {
                    drop_while_panicking(calling);
                    None
                }
                Err(_) => {
                    drop(calling);
                    None
                }
            };
            let after = breaker.state();
            drop(finished);
            let result = match ended {
                Ok((_, late)) if late > 0 => Result::Late,
                Ok((Ok(Ok(n)), _)) if n == number => Result::Value,
                Ok((Ok(Err(CallError::Failed(n))), _)) if n == number => Result::Error,
                Ok((Ok(Err(CallError::Refused)), _)) => Result::Refused,
                Ok((Err(payload), _)) if payload.downcast_ref() == Some(&number) => {
                    Result::Panicked
                }
                Err(_) => Result::Dropped,
                _ => Result::Another,
            };
            Seen {
                before,
                was_polled: was_polled.get(),
                result,
                after,
            }
        }
    });
    let calls: Vec<_> = calls.collect();
    join_all(calls).await
}

async fn check_plan(plan: &Plan, page: &'static str) {
    let (seen, expected) = (run(plan).await, plan.outcome(None));
    // The first difference in time.
    let differs = |call: &usize| seen[*call] != expected[*call];
    let when = |call: &usize| match seen[*call].before == expected[*call].before {
        true => plan.calls[*call].ends,
        false => plan.calls[*call].at,
    };
    let Some(call) = (0..seen.len()).filter(differs).min_by_key(when) else {
        return;
    };
    let cause = cause(plan, &seen).await;
    check(false, || {
        Failure::new(format!(
            "{}. Call {call} should have {}; it {}.",
            plan.told(call),
            expected[call].shown("been"),
            seen[call].shown("was")
        ))
        .usually_if(cause.map(Mistake::meaning))
        .read(cause.map_or(page, Mistake::page))
    });
}

async fn cause(plan: &Plan, seen: &[Seen]) -> Option<Mistake> {
    let (mut plans, mut all) = (vec![plan.clone()], vec![seen.to_vec()]);
    for probe in model::probes() {
        all.push(run(&probe).await);
        plans.push(probe);
    }
    let explains = |mistake: &&Mistake| {
        let outcomes = plans.iter().map(|plan| plan.outcome(Some(**mistake)));
        outcomes.eq(all.iter().cloned())
    };
    Mistake::ALL.iter().find(explains).copied()
}

const PAUSES: &[u64] = &[10, 1, 3, 7, 15, 16, 40];

/// Calls that begin at even milliseconds and end at odd ones, no two at the same, so that their order is known.
fn drawn(case: &Case, ends: &[End], most_ms: u64, failures: &[u32], pauses: &[u64]) -> Plan {
    let count = case.size("calls", 1..=25);
    let gaps = case.numbers("calls begin after", count, 5);
    let takes = case.numbers("calls take", count, most_ms);
    let (mut at, mut used) = (0, Vec::new());
    let calls = gaps.iter().zip(&takes).map(|(gap, takes)| {
        at += 2 + 2 * gap;
        let mut ends_at = at + 1 + 2 * (takes / 2);
        while used.contains(&ends_at) {
            ends_at += 2;
        }
        used.push(ends_at);
        Call {
            at,
            ends: ends_at,
            end: *case.pick("ends with", ends),
        }
    });
    let calls = calls.collect();
    Plan {
        failures: *case.pick("failures", failures),
        pause: *case.pick("pause in ms", pauses),
        calls,
        panics_drop: false,
    }
}

#[test]
fn opens_after_failures_in_a_row() {
    grade_cases(async |case| {
        let pause = case.long_time("pause beyond 10 s").as_millis() as u64 + 10_000;
        let plan = drawn(&case, &[End::Error, End::Ok], 0, &[1, 2, 3, 4], &[pause]);
        check_plan(&plan, STATES).await;
    });
}

#[test]
fn a_probe_decides() {
    grade_cases(async |case| {
        let plan = drawn(&case, &[End::Error, End::Ok], 0, &[1, 2, 3, 4], PAUSES);
        check_plan(&plan, STATES).await;
    });
}

#[test]
fn one_probe_at_a_time() {
    grade_cases(async |case| {
        let plan = drawn(&case, &[End::Error, End::Ok], 20, &[1], PAUSES);
        check_plan(&plan, STATES).await;
    });
}

#[test]
fn a_dropped_probe_frees_its_place() {
    grade_cases(async |case| {
        let ends = [End::Error, End::Dropped, End::Ok];
        let mut plan = drawn(&case, &ends, 10, &[1, 2], PAUSES);
        plan.panics_drop = *case.pick("dropped by", &["their callers", "panics of their callers"])
            != "their callers";
        check_plan(&plan, PROBE).await;
    });
}

#[test]
fn a_panic_is_a_failure() {
    grade_cases(async |case| {
        let ends = [End::Panic, End::Error, End::Ok];
        let plan = drawn(&case, &ends, 4, &[1, 2, 3], PAUSES);
        check_plan(&plan, PROBE).await;
    });
}

#[test]
fn a_late_result_changes_nothing() {
    grade_cases(async |case| {
        let ends = [End::Error, End::Ok, End::Dropped, End::Panic];
        let plan = drawn(&case, &ends, 60, &[1, 2], PAUSES);
        check_plan(&plan, LATE).await;
    });
}

/// The first call goes on while the breaker opens and is closed again, and ends between two others.
#[test]
fn a_late_result_does_not_touch_the_count() {
    grade_cases(async |case| {
        let count = case.size("calls after the probe", 1..=20);
        let late = case.size("the first call ends after call", 3..=3 + count);
        let first = *case.pick("the first call ends with", &[End::Ok, End::Error]);
        let mut ends = vec![first, End::Error, End::Error, End::Ok];
        ends.extend((0..count).map(|_| *case.pick("ends with", &[End::Error, End::Ok])));
        let call = |(number, end): (usize, &End)| {
            let at = 4 * number as u64 + 2;
            Call {
                at,
                ends: at + 1,
                end: *end,
            }
        };
        let mut calls: Vec<_> = ends.iter().enumerate().map(call).collect();
        calls[0].ends = calls[late].ends + 2;
        let plan = Plan {
            failures: 2,
            pause: 1,
            calls,
            panics_drop: false,
        };
        check_plan(&plan, LATE).await;
    });
}

#[test]
fn dropping_a_call_leaves_the_breaker_usable() {
    drop_at_every_await(
        async || {
            let breaker = std::rc::Rc::new(Answer::new(NonZeroU32::MIN, ms(10)));
            let _ = breaker.call(async { Err::<(), ()>(()) }).await;
            sleep(ms(10)).await;
            let (gauge, tasks) = (Gauge::new(), Tasks::baseline());
            let (probing, running) = (breaker.clone(), gauge.clone());
            let probe = async move {
                let operation = async {
                    let _running = running.enter();
                    sleep(ms(5)).await;
                    sleep(ms(5)).await;
                    Ok::<(), ()>(())
                };
                let _ = probing.call(operation).await;
            };
            (probe, (breaker, gauge, tasks))
        },
        async |(breaker, gauge, tasks)| {
            let (state, running) = (breaker.state(), gauge.now());
            check(running == 0, || {
                Failure::new(format!(
                    "When the future is dropped, the operation should be dropped; {running} is in progress."
                ))
                .usually("that the operation was leaked, or runs in a task.")
                .read(RUNS_ON)
            });
            check(state == State::HalfOpen, || {
                Failure::new(format!(
                    "The probe was dropped, so the breaker should be `HalfOpen`; it is {state:?}."
                ))
                .read(PROBE)
            });
            let next = breaker.call(async { Ok::<u8, ()>(1) }).await;
            check(next == Ok(1), || {
                Failure::new(format!(
                    "The probe was dropped, so the next call should be the probe; it returned {next:?}."
                ))
                .usually(
                    "that only a result frees the place of the probe. A future that is dropped has none: a destructor has to do it.",
                )
                .read(PROBE)
            });
            tasks.check_none_left_behind().await;
        },
    );
}

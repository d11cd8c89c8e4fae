//! `supervise`: when runs begin, when it gives up, and what a cancellation leaves.

use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, resume_unwind};

use super::*;
use exercises::production::{Outcome, RestartPolicy, RunFailure, supervise as answer};

#[path = "supervise_model.rs"]
mod model;

use model::{Cancelled, End, Ended, Mistake, OTHER_PAYLOAD, Plan, Run, Seen};

fn policy(plan: &Plan) -> RestartPolicy {
    RestartPolicy {
        base: ms(plan.base),
        cap: ms(plan.cap),
        healthy: ms(plan.healthy),
        max_failures: NonZeroU32::new(plan.max_failures).unwrap_or(NonZeroU32::MIN),
        window: ms(plan.window),
    }
}

/// Runs an answer, for as long as a right one takes, and longer.
async fn run(plan: &Plan) -> Seen {
    let (clock, token, alive) = (Clock::start(), CancellationToken::new(), Gauge::new());
    let starts = Arc::new(Mutex::new(Vec::new()));
    match plan.cancelled {
        Cancelled::Never => {}
        Cancelled::Before => token.cancel(),
        Cancelled::At(at) => {
            let token = token.clone();
            grading::spawn(async move {
                sleep(ms(at)).await;
                token.cancel();
            });
        }
    }
    let start = || {
        let number = lock(&starts).len();
        lock(&starts).push(clock.elapsed().as_millis() as u64);
        let last = Run {
            takes: 0,
            end: End::Ok,
        };
        let run = plan.runs.get(number).copied().unwrap_or(last);
        let (token, alive) = (token.clone(), alive.enter());
        let is_too_many = number > plan.runs.len();
        async move {
            let _alive = alive;
            if is_too_many {
                std::future::pending().await
            }
            take(ms(run.takes)).await;
            match run.end {
                End::Ok => return Ok(()),
                End::Error => {}
                End::Panic => resume_unwind(Box::new(number)),
                End::CancelAndError => token.cancel(),
            }
            Err(number)
        }
    };
    let limit = ms(plan.limit());
    let supervising = AssertUnwindSafe(answer(policy(plan), token.clone(), start)).catch_unwind();
    let (result, finished) = await_and_keep(timeout(limit, supervising)).await;
    // What has not ended is dropped with the future.
    let left = if result.is_ok() { alive.now() } else { 0 };
    let at = clock.elapsed().as_millis() as u64;
    drop(finished);
    let ended = match result {
        Err(_) => Ended::Never,
        Ok(Err(_)) => Ended::Panicked,
        Ok(Ok(Outcome::Finished)) => Ended::Finished,
        Ok(Ok(Outcome::Cancelled)) => Ended::Cancelled,
        Ok(Ok(Outcome::GaveUp(RunFailure::Error(error)))) => Ended::GaveUp { error },
        Ok(Ok(Outcome::GaveUp(RunFailure::Panic(payload)))) => Ended::GaveUpPanic {
            payload: payload.downcast_ref().copied().unwrap_or(OTHER_PAYLOAD),
        },
    };
    let starts = lock(&starts).clone();
    Seen {
        starts,
        ended,
        at,
        left,
    }
}

async fn check_plan(plan: &Plan, page: &'static str) {
    let (seen, expected) = (run(plan).await, plan.outcome(None));
    if seen == expected {
        return;
    }
    let cause = cause(plan, &seen, &expected).await;
    check(false, || {
        Failure::new(format!("{}, {}.", plan.told(), seen.differs(&expected)))
            .usually_if(cause.map(Mistake::meaning))
            .read(cause.map_or(page, Mistake::page))
    });
}

async fn cause(plan: &Plan, seen: &Seen, expected: &Seen) -> Option<Mistake> {
    if expected.ended == Ended::Finished && seen.starts.len() > expected.starts.len() {
        return Some(Mistake::OkIsRestarted);
    }
    if matches!(
        (seen.ended, expected.ended),
        (
            Ended::GaveUpPanic {
                payload: OTHER_PAYLOAD
            },
            Ended::GaveUpPanic { .. }
        )
    ) {
        return Some(Mistake::OtherPayload);
    }
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
    // When each run that took minutes should have ended.
    let ends = expected.starts.iter().zip(&plan.runs);
    let is_cut = ends
        .clone()
        .zip(seen.starts.iter().skip(1))
        .any(|((start, run), next)| run.takes >= 120_000 && *next < start + run.takes);
    let is_cut = is_cut.then_some(Mistake::OwnLimit);
    explained
        .or(is_cut)
        .or_else(|| first_wrong_pause(plan, seen, expected))
}

/// What the first pause says that has another length than it should.
fn first_wrong_pause(plan: &Plan, seen: &Seen, expected: &Seen) -> Option<Mistake> {
    let pauses = |starts: &[u64]| -> Vec<u64> {
        let pairs = starts.windows(2).zip(&plan.runs);
        pairs
            .map(|(pair, run)| (pair[1] - pair[0]).saturating_sub(run.takes))
            .collect()
    };
    let (seen, expected) = (pauses(&seen.starts), pauses(&expected.starts));
    let wrong = (0..seen.len().min(expected.len())).find(|at| seen[*at] != expected[*at])?;
    let is_any_healthy = plan.runs[..=wrong]
        .iter()
        .any(|run| run.takes >= plan.healthy);
    if wrong > 0 && seen[wrong] == seen[wrong - 1] && seen[wrong] > 0 && !is_any_healthy {
        return Some(Mistake::FewDoublings);
    }
    // In 32 bits, signed or not, there is room for 24 or 49 days.
    (expected[wrong] > 1 << 31).then_some(Mistake::SmallType)
}

/// In milliseconds: the longest time of all.
const A_THOUSAND_YEARS: u64 = 1_000 * 365 * 24 * 60 * 60 * 1_000;

/// An even number of milliseconds.
fn even(case: &Case, name: &str, most: u64) -> u64 {
    case.whole_ms(name, most).as_millis() as u64 / 2 * 2
}

/// Runs that fail, and a policy that never gives up.
fn drawn(case: &Case, ends: &[End], runs: usize, takes_most: u64) -> Plan {
    let takes = case.whole_ms_each("runs take", runs, takes_most);
    let runs = takes.iter().map(|takes| Run {
        takes: takes.as_millis() as u64 / 2 * 2,
        end: ends[case.below(ends.len() as u64) as usize],
    });
    let runs = runs.collect();
    Plan {
        base: *case.pick("base in ms", &[10, 0, 2, 50]),
        cap: *case.pick("cap in ms", &[100, 0, 4, 40, 1_000]),
        healthy: 1_000_000,
        max_failures: *case.pick("max failures", &[u32::MAX, 1_000, 65_537, 1 << 31]),
        window: 1_000_000,
        runs,
        cancelled: Cancelled::Never,
    }
}

#[test]
fn the_pause_doubles_up_to_the_cap() {
    grade_cases(async |case| {
        let runs = case.size("failures", 1..=12);
        check_plan(&drawn(&case, &[End::Error], runs, 20), BACKOFF).await;
    });
}

#[test]
fn never_overflows() {
    grade_cases(async |case| {
        let runs = case.size_near("failures", 64, 1..=140);
        let plan = Plan {
            base: *case.pick("small base in ms", &[2, 0, 1_000]),
            cap: *case.pick("another cap in ms", &[4_096, 2, 20_000]),
            ..drawn(&case, &[End::Error], runs, 2)
        };
        check_plan(&plan, BACKOFF).await;
    });
}

#[test]
fn a_pause_may_grow_to_days() {
    grade_cases(async |case| {
        let cap = case.long_time("the cap").as_millis() as u64;
        let base = *case.pick("base in ms", &[2, 10, 1_000]);
        // The pause before the last run is the first one that the cap cuts.
        let pauses = (0..)
            .take_while(|doublings| base << doublings < cap)
            .count()
            + 1;
        let fails = Run {
            takes: 2,
            end: End::Error,
        };
        let plan = Plan {
            base,
            cap,
            runs: vec![fails; pauses],
            ..drawn(&case, &[End::Error], 0, 0)
        };
        check_plan(&plan, BACKOFF).await;
    });
}

#[test]
fn a_healthy_run_sets_the_pause_back() {
    grade_cases(async |case| {
        let runs = case.size("failures", 1..=12);
        let plan = Plan {
            healthy: *case.pick("healthy in ms", &[20, 2, 10]),
            ..drawn(&case, &[End::Error], runs, 30)
        };
        check_plan(&plan, BACKOFF).await;
    });
}

#[test]
fn gives_up_after_too_many_failures() {
    grade_cases(async |case| {
        let runs = case.size("failures", 1..=12);
        let plan = Plan {
            max_failures: case.size("max failures", 1..=6) as u32,
            ..drawn(&case, &[End::Error], runs, 20)
        };
        check_plan(&plan, GIVE_UP).await;
    });
}

#[test]
fn old_failures_do_not_count() {
    grade_cases(async |case| {
        let runs = case.size("failures", 1..=25);
        let plan = Plan {
            base: *case.pick("short base in ms", &[2, 0, 10]),
            cap: *case.pick("short cap in ms", &[10, 0, 2]),
            healthy: *case.pick("healthy in ms", &[40, 10, 1_000]),
            max_failures: case.size("max failures", 1..=4) as u32,
            window: 2 + even(&case, "window", 100),
            ..drawn(&case, &[End::Error], runs, 60)
        };
        check_plan(&plan, GIVE_UP).await;
    });
}

#[test]
fn a_panic_is_a_failure() {
    grade_cases(async |case| {
        let runs = case.size("failures", 1..=8);
        let plan = Plan {
            max_failures: case.size("max failures", 1..=6) as u32,
            ..drawn(&case, &[End::Panic, End::Error], runs, 10)
        };
        check_plan(&plan, PANIC).await;
    });
}

#[test]
fn a_run_that_returns_ok_is_the_last() {
    grade_cases(async |case| {
        let runs = case.size("runs", 1..=8);
        let ends = [End::Ok, End::Error, End::Panic];
        check_plan(&drawn(&case, &ends, runs, 10), BACKOFF).await;
    });
}

#[test]
fn a_cancellation_ends_it_at_once() {
    grade_cases(async |case| {
        let runs = case.size("failures", 1..=8);
        let at = 1 + even(&case, "cancelled after 1 ms +", 200);
        let plan = Plan {
            cancelled: *case.pick("cancelled", &[Cancelled::At(at), Cancelled::Before]),
            ..drawn(&case, &[End::Error], runs, 60)
        };
        let or_long = |name, time| *case.pick(name, &[time, A_THOUSAND_YEARS]);
        let plan = Plan {
            base: or_long("base", plan.base),
            cap: or_long("cap", plan.cap),
            healthy: or_long("healthy", plan.healthy),
            window: or_long("window", plan.window),
            ..plan
        };
        check_plan(&plan, BACKOFF).await;
    });
}

#[test]
fn no_run_begins_after_the_cancellation() {
    grade_cases(async |case| {
        let runs = case.size("failures", 1..=8);
        let ends = [End::CancelAndError, End::Error];
        check_plan(&drawn(&case, &ends, runs, 10), BACKOFF).await;
    });
}

#[test]
fn a_run_may_take_any_time() {
    grade_cases(async |case| {
        let takes = case.long_time("the run takes").as_millis() as u64;
        let plan = Plan {
            healthy: takes + 2,
            window: 2 * takes + 1_000,
            max_failures: 3,
            ..drawn(&case, &[End::Error], 2, 2)
        };
        let plan = Plan {
            runs: vec![
                Run {
                    takes,
                    end: End::Error,
                };
                2
            ],
            ..plan
        };
        check_plan(&plan, BACKOFF).await;
    });
}

#[test]
fn dropping_it_drops_the_run() {
    drop_at_every_await(
        async || {
            let (alive, tasks) = (Gauge::new(), Tasks::baseline());
            let started = Gauge::new();
            let supervising = {
                let (alive, started) = (alive.clone(), started.clone());
                async move {
                    let policy = RestartPolicy {
                        base: ms(10),
                        cap: ms(20),
                        healthy: ms(100),
                        max_failures: NonZeroU32::MIN.saturating_add(2),
                        window: ms(1_000),
                    };
                    let start = || {
                        std::mem::forget(started.enter());
                        let alive = alive.enter();
                        async move {
                            let _alive = alive;
                            sleep(ms(4)).await;
                            sleep(ms(4)).await;
                            Err::<(), ()>(())
                        }
                    };
                    answer(policy, CancellationToken::new(), start).await;
                }
            };
            (supervising, (alive, started, tasks))
        },
        async |(alive, started, tasks)| {
            let (left, before) = (alive.now(), started.now());
            check(left == 0, || {
                Failure::new(format!(
                    "When the future is dropped, the run in progress should be dropped; {left} is still there."
                ))
                .usually(
                    "that the run is a task whose `JoinHandle` was dropped, which detaches it. A `JoinSet` aborts its tasks when it is dropped.",
                )
                .read(DETACHED)
            });
            sleep(ms(1_000)).await;
            let after = started.now();
            check(after == before, || {
                Failure::new(format!(
                    "When the future is dropped, no other run should begin; {} did.",
                    after - before
                ))
                .usually("that the loop runs in a task of its own, which nothing ends.")
                .read(RUNS_ON)
            });
            tasks.check_none_left_behind().await;
        },
    );
}

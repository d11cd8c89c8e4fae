//! `retry`: when attempts are made, and with what it ends.

use std::cell::{Cell, RefCell};
use std::num::NonZeroU32;

use super::*;
use exercises::resilience::{Failure as AttemptFailure, RetryError, retry as answer};

#[path = "retry_model.rs"]
mod model;

use model::{Attempt, End, Mistake, Outcome, Plan};

/// Makes the attempts of a plan. The second part is how often the answer was pending when its result was known.
async fn run(plan: &Plan) -> (Outcome, usize) {
    let clock = Clock::start();
    let since_the_first_poll = || clock.elapsed().saturating_sub(CALLED_EARLIER);
    let deadline = Instant::now() + CALLED_EARLIER + ms(plan.deadline);
    let calls = RefCell::new(Vec::new());
    let (begun, ready, gauge) = (Cell::new(0), Cell::new(0), Gauge::new());
    let expected = plan.outcome(None);
    let pause = |number: u32| {
        calls
            .borrow_mut()
            .push((since_the_first_poll(), format!("pause({number})")));
        plan.pauses[(number.max(1) as usize - 1).min(plan.pauses.len() - 1)]
    };
    let attempt = async || {
        calls
            .borrow_mut()
            .push((since_the_first_poll(), "attempt".to_owned()));
        let number = begun.replace(begun.get() + 1);
        let attempt = plan.attempts.get(number).copied().unwrap_or(Attempt::OK);
        let _running = gauge.enter();
        take(attempt.takes).await;
        ready.set(ready.get() + 1);
        match attempt.end {
            End::Ok => Ok(number),
            End::Permanent => Err(AttemptFailure::Permanent(number)),
            End::Transient(retry_after) => Err(AttemptFailure::Transient {
                error: number,
                retry_after,
            }),
        }
    };
    let attempts = NonZeroU32::new(plan.limit).unwrap_or(NonZeroU32::MIN);
    let is_known = || !expected.is_deadline() && ready.get() == expected.attempts();
    let mut answer = Box::pin(answer(attempts, deadline, pause, attempt));
    sleep(CALLED_EARLIER).await;
    let call = pending_when_known(is_known, answer.as_mut());
    let ended = timeout(plan.patience, call).await;
    let (at, running) = (since_the_first_poll(), gauge.now());
    drop(answer);
    let (result, late) = match ended {
        Ok((Ok(number), late)) => (format!("Ok({number})"), late),
        Ok((Err(error), late)) => (
            match error {
                RetryError::Permanent(number) => format!("Permanent({number})"),
                RetryError::Exhausted(number) => format!("Exhausted({number})"),
                RetryError::Deadline(last) => format!("Deadline({last:?})"),
            },
            late,
        ),
        Err(_) => ("nothing".to_owned(), 0),
    };
    let outcome = Outcome {
        calls: calls.into_inner(),
        result,
        at,
    };
    check(running == 0, || {
        Failure::new(format!(
            "{}. When it has returned, no attempt should be in progress; {running} is.",
            plan.told()
        ))
        .usually("that the attempt is not dropped at the deadline: it was leaked, or a part of the future has it that lives on.")
        .read(RUNS_ON)
    });
    (outcome, late)
}

async fn check_plan(plan: &Plan, page: &'static str) {
    let (seen, late) = run(plan).await;
    let expected = plan.outcome(None);
    if seen == expected {
        check(late == 0, || {
            Failure::new(format!(
                "{}. When the last attempt is ready, its result should be returned in the same poll; the future was pending {} after that.",
                plan.told(),
                times(late)
            ))
            .usually("that something is awaited when the result is known.")
            .read(AGAIN)
        });
        return;
    }
    let cause = cause(plan, &seen).await;
    check(false, || {
        Failure::new(format!("{}. {}", plan.told(), seen.differs_from(&expected)))
            .usually_if(cause.map(Mistake::meaning))
            .read(cause.map_or(page, Mistake::page))
    });
}

/// The one mistake that explains what the answer does with this plan and a few fixed ones.
async fn cause(plan: &Plan, seen: &Outcome) -> Option<Mistake> {
    let (mut plans, mut all) = (vec![plan.clone()], vec![seen.clone()]);
    for probe in model::probes() {
        all.push(run(&probe).await.0);
        plans.push(probe);
    }
    let explains = |mistake: &&Mistake| {
        let outcomes = plans.iter().map(|plan| plan.outcome(Some(**mistake)));
        outcomes.eq(all.iter().cloned())
    };
    let explained = Mistake::ALL.iter().find(explains).copied();
    explained.or_else(|| {
        // The fixed plans take less than an hour, so an answer may cut what is longer than any of their waits.
        let is_cut = plan.has_long_retry_after() && seen.is_earlier_than(&plan.outcome(None));
        is_cut.then_some(Mistake::CapsRetryAfter)
    })
}

fn drawn(case: &Case, most_attempts: usize, limit: u32) -> Plan {
    let failures = case.size("transient failures", 0..=most_attempts);
    let takes = case.whole_ms_each("attempts take", failures + 1, 60);
    let mut attempts: Vec<_> = takes
        .iter()
        .map(|takes| Attempt {
            takes: *takes,
            end: End::Transient(None),
        })
        .collect();
    attempts[failures].end = End::Ok;
    Plan {
        limit,
        deadline: 1_000_000,
        patience: LONG,
        pauses: case.whole_ms_each("pauses", failures + 1, 100),
        attempts,
    }
}

#[test]
fn tries_again_until_it_succeeds() {
    grade_cases(async |case| check_plan(&drawn(&case, 15, 100), AGAIN).await);
}

#[test]
fn ends_after_so_many_attempts() {
    grade_cases(async |case| {
        let limit = case.size("attempts allowed", 1..=20) as u32;
        check_plan(&drawn(&case, 30, limit), AGAIN).await;
    });
}

#[test]
fn a_permanent_failure_is_not_tried_again() {
    grade_cases(async |case| {
        let limit = case.size("attempts allowed", 1..=10) as u32;
        let mut plan = drawn(&case, 6, limit);
        let last = plan.attempts.len() - 1;
        plan.attempts[last].end = End::Permanent;
        check_plan(&plan, AGAIN).await;
    });
}

fn retry_after(case: &Case) -> Option<Duration> {
    let asks = [None, Some(0), Some(30), Some(100), Some(250)];
    case.pick("Retry-After in ms", &asks).map(ms)
}

#[test]
fn waits_as_long_as_the_server_asks() {
    grade_cases(async |case| {
        let mut plan = drawn(&case, 6, 100);
        for attempt in &mut plan.attempts {
            if let End::Transient(asked) = &mut attempt.end {
                *asked = retry_after(&case);
            }
        }
        let longer = case.long_time("the server asks for, at first");
        if let End::Transient(asked) = &mut plan.attempts[0].end {
            // 300 days: the longest of the long times has 100.
            plan.patience = ms(300 * 24 * 60 * 60 * 1_000);
            plan.deadline = plan.patience.as_millis() as u64;
            *asked = Some(longer);
        }
        check_plan(&plan, RETRY_AFTER).await;
    });
}

#[test]
fn ends_at_the_deadline() {
    grade_cases(async |case| {
        let limit = *case.pick("attempts allowed", &[100, 2]);
        let mut plan = drawn(&case, 6, limit);
        plan.deadline = case.whole_ms("deadline", 400).as_millis() as u64;
        for attempt in &mut plan.attempts {
            if let End::Transient(asked) = &mut attempt.end {
                *asked = retry_after(&case);
            }
        }
        check_plan(&plan, DEADLINE).await;
    });
}

/// The waits and the attempts end exactly at the deadline, or next to it.
#[test]
fn the_deadline_is_exact() {
    grade_cases(async |case| {
        let takes = case.whole_ms("each attempt takes", 20);
        let wait = case.whole_ms("each wait takes", 20);
        let count = case.size("failures", 1..=5);
        let failing = Attempt {
            takes,
            end: End::Transient(None),
        };
        let mut attempts = vec![failing; count];
        attempts.push(Attempt {
            takes,
            end: *case.pick("then", &[End::Ok, End::Permanent]),
        });
        let waits_first = *case.pick("at the deadline", &["an attempt ends", "a wait ends"]);
        let whole = (takes + wait) * count as u32;
        let ends = match waits_first {
            "a wait ends" => whole,
            _ => whole + takes,
        };
        let ends = ends.as_millis() as u64;
        let plan = Plan {
            limit: 100,
            deadline: match *case.pick("deadline", &["exactly", "1 ms earlier", "1 ms later"]) {
                "exactly" => ends,
                "1 ms earlier" => ends.saturating_sub(1),
                _ => ends + 1,
            },
            pauses: vec![wait],
            attempts,
            patience: LONG,
        };
        check_plan(&plan, EXACTLY).await;
    });
}

/// In milliseconds
const A_THOUSAND_YEARS: u64 = 31_536_000_000_000;

/// Neither in the arithmetic, nor because a wait that is too long for an instant is cut.
#[test]
fn an_endless_wait_does_not_overflow() {
    grade_cases(async |case| {
        let mut plan = drawn(&case, 3, 100);
        plan.deadline = *case.pick("deadline after ms", &[1_000_000, A_THOUSAND_YEARS]);
        let by = *case.pick("Duration::MAX comes from", &["pause", "the server"]);
        for pause in &mut plan.pauses {
            if by == "pause" {
                *pause = Duration::MAX;
            }
        }
        for attempt in &mut plan.attempts {
            if let (End::Transient(asked), "the server") = (&mut attempt.end, by) {
                *asked = Some(Duration::MAX);
            }
        }
        check_plan(&plan, DEADLINE).await;
    });
}

#[test]
fn dropping_it_drops_the_attempt() {
    drop_at_every_await(
        async || {
            let gauge = Gauge::new();
            let tasks = Tasks::baseline();
            let running = gauge.clone();
            let attempt = move || {
                let running = running.clone();
                async move {
                    let _running = running.enter();
                    sleep(ms(5)).await;
                    Err::<(), _>(AttemptFailure::Transient {
                        error: (),
                        retry_after: None,
                    })
                }
            };
            let call = async move {
                let attempts = NonZeroU32::new(3).unwrap_or(NonZeroU32::MIN);
                let deadline = Instant::now() + ms(1_000);
                let result = answer(attempts, deadline, |_| ms(10), attempt).await;
                result.is_ok()
            };
            (call, (gauge, tasks))
        },
        async |(gauge, tasks)| {
            let running = gauge.now();
            check(running == 0, || {
                Failure::new(format!(
                    "When the future is dropped, no attempt should be in progress; {running} is."
                ))
                .usually(
                    "that the attempt is leaked, as with `mem::forget`, or that a task has it.",
                )
                .read(RUNS_ON)
            });
            tasks.check_none_left_behind().await;
        },
    );
}

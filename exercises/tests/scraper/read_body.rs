//! `read_body`: the bytes of a body, and no more of them than a limit allows.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::task::Poll;

use grading::Ticker;

use super::*;
use exercises::scraper::{BodyError, read_body};

#[path = "read_body_fake.rs"]
mod fake;
#[path = "read_body_model.rs"]
mod model;

use fake::{Body, Seen};
use model::{Mistake, Outcome, Plan};

/// The result of an answer that asks for more memory than there can be.
const NO_MEMORY: &str = "a panic, because memory is reserved for the declared length";

/// Runs the answer.
async fn run(plan: &Plan) -> (Outcome, Seen) {
    let clock = Clock::start();
    let (body, seen) = Body::new(plan);
    let known = plan.outcome(None).taken;
    let mut reading = Box::pin(read_body(body, plan.declared, plan.limit));
    let reading = poll_fn(|cx| {
        let result = reading.as_mut().poll(cx);
        let mut counts = lock(&seen.0);
        counts.late += usize::from(result.is_pending() && counts.taken >= known.max(1));
        result
    });
    let result = AssertUnwindSafe(reading).catch_unwind();
    let result = match timeout(plan.longest(), result).await {
        Ok(Ok(Ok(bytes))) => {
            let in_order = bytes.iter().enumerate().all(|(n, byte)| *byte == n as u8);
            let name = if in_order { "" } else { " out of order" };
            Ok(format!("{}{name}", plural(bytes.len(), "byte")))
        }
        Ok(Ok(Err(BodyError::TooLarge))) => Err("TooLarge".to_owned()),
        Ok(Ok(Err(BodyError::WrongLength))) => Err("WrongLength".to_owned()),
        Ok(Ok(Err(BodyError::Read(error)))) => Err(format!("Read({error})")),
        Ok(Err(panic)) => match panic.downcast_ref() {
            Some(&"capacity overflow") => Err(NO_MEMORY.to_owned()),
            _ => Err("a panic".to_owned()),
        },
        Err(_) => Err("nothing".to_owned()),
    };
    let outcome = Outcome {
        result,
        at: clock.elapsed(),
        taken: lock(&seen.0).taken,
    };
    (outcome, seen)
}

/// Compares the result, its instant, and how many items were taken from the stream with what the contract says.
async fn check_run(plan: &Plan, page: &'static str) {
    let (seen, counts) = run(plan).await;
    let expected = plan.outcome(None);
    if seen != expected {
        let cause = cause().await;
        check(false, || {
            Failure::new(format!(
                "{}. {}.",
                plan.told(),
                seen.differs_from(&expected)
            ))
            .usually_if(cause.map(Mistake::meaning))
            .read(cause.map_or(page, Mistake::page))
        });
    }
    let late = lock(&counts.0).late;
    check(late == 0, || {
        Failure::new(format!(
            "{}. The result should be returned in the poll in which it is known; the future was pending {} after that.",
            plan.told(),
            times(late)
        ))
        .usually(
            "that the function lets other tasks run between a chunk and the look at it. Look at the chunk first.",
        )
        .read("event-loop-scheduling.html#tokios-cooperative-budget")
    });
    let polls = lock(&counts.0).polls_after_the_end;
    check(polls == 0, || {
        Failure::new(format!(
            "{}. The stream has returned an error or `None`, and should not be polled again; it was polled {} more.",
            plan.told(),
            times(polls)
        ))
        .usually("that a stream which has ended is polled in a loop.")
        .read(AFTER_THE_END)
    });
}

/// The one mistake that explains what the answer does with a few fixed plans.
async fn cause() -> Option<Mistake> {
    let probes = model::probes();
    let mut seen = Vec::new();
    for plan in &probes {
        seen.push(run(plan).await.0);
    }
    let explains = |mistake: &&Mistake| {
        let outcomes = probes.iter().map(|plan| plan.outcome(Some(**mistake)));
        outcomes.eq(seen.iter().cloned())
    };
    Mistake::ALL.iter().find(explains).copied()
}

/// A body without errors and without a declared length. Its limit is its size.
fn drawn(case: &Case) -> Plan {
    let chunks = case.size("chunks", 0..=40);
    let sizes = case.numbers("chunk sizes", chunks, 300);
    let waits = case.whole_ms_each("waits", chunks, 20);
    let size = |size: &u64| Ok(usize::try_from(*size).unwrap_or(0));
    let items: Vec<_> = waits.into_iter().zip(sizes.iter().map(size)).collect();
    let mut plan = Plan {
        items,
        declared: None,
        limit: 0,
    };
    plan.limit = plan.size();
    plan
}

#[test]
fn reads_to_the_end() {
    grade_cases(async |case| {
        let mut plan = drawn(&case);
        plan.limit = match *case.pick("limit", &["its size", "more", "the largest"]) {
            "its size" => plan.limit,
            "more" => plan.limit + 1,
            _ => usize::MAX,
        };
        let is_declared = *case.pick("declared", &[false, true]);
        plan.declared = is_declared.then_some(plan.size() as u64);
        if let Some(first) = plan.items.first_mut() {
            first.0 += case.long_time("the first chunk takes longer by");
        }
        check_run(&plan, BODY).await;
    });
}

#[test]
fn refuses_a_declared_length_above_the_limit() {
    grade_cases(async |case| {
        let mut plan = drawn(&case);
        let excess = case.number("the declared length is larger by 1 +", u64::MAX / 2);
        plan.declared = Some((plan.limit as u64).saturating_add(1).saturating_add(excess));
        let (body, seen) = Body::new(&plan);
        let mut reading = Box::pin(read_body(body, plan.declared, plan.limit));
        let first = poll_fn(|cx| Poll::Ready(reading.as_mut().poll(cx))).await;
        let polls = lock(&seen.0).polls;
        let refused = first == Poll::Ready(Err(BodyError::TooLarge));
        drop(reading);
        check(refused && polls == 0, || {
            Failure::new(format!(
                "A body with a declared length of {} and a limit of {} should be refused at the first poll, and its stream should \
                 not be polled; {}, and the stream was polled {}.",
                plan.declared.unwrap_or_default(),
                plan.limit,
                if refused { "it was refused" } else { "it was not refused" },
                times(polls)
            ))
            .usually("that the declared length is not looked at before the body is read.")
            .read(BODY)
        });
    });
}

#[test]
fn stops_at_the_limit() {
    grade_cases(async |case| {
        let mut plan = drawn(&case);
        plan.items.push((ms(5), Ok(1)));
        let below = case.number("the limit is below the size by 1 +", 300);
        plan.limit = plan
            .size()
            .saturating_sub(1 + usize::try_from(below).unwrap_or(0));
        plan.declared = match *case.pick("declared", &["nothing", "the limit"]) {
            "nothing" => None,
            _ => Some(plan.limit as u64),
        };
        check_run(&plan, BODY).await;
    });
}

#[test]
fn compares_with_the_declared_length() {
    grade_cases(async |case| {
        let mut plan = drawn(&case);
        let by = 1 + case.number("by 1 +", 300);
        let size = plan.size() as u64;
        plan.declared = match *case.pick("the declared length is", &["larger", "smaller"]) {
            "larger" => Some(size.saturating_add(by)),
            _ => Some(size.saturating_sub(by)),
        };
        plan.limit = match *case.pick("limit", &["usize::MAX", "the size + 301"]) {
            "usize::MAX" => usize::MAX,
            _ => plan.limit + 301,
        };
        check_run(&plan, BODY).await;
    });
}

#[test]
fn allocates_for_bytes_that_have_arrived() {
    grade_cases(async |case| {
        let mut plan = drawn(&case);
        plan.declared = Some(u64::MAX - case.number("the declared length is 2^64 - 1 -", 1_000));
        plan.limit = usize::MAX;
        let (seen, _) = run(&plan).await;
        let expected = Err("WrongLength".to_owned());
        check(seen.result == expected, || {
            Failure::new(format!(
                "A peer declares a length of {}, which is not above the limit, and sends {}. The result should be `WrongLength`; it was {}.",
                plan.declared.unwrap_or_default(),
                plural(plan.size(), "byte"),
                seen.shown()
            ))
            .usually_if((seen.result == Err(NO_MEMORY.to_owned())).then_some(Mistake::ReservesDeclared.meaning()))
            .read(BODY)
        });
    });
}

#[test]
fn returns_the_first_error() {
    grade_cases(async |case| {
        let mut plan = drawn(&case);
        let at = case
            .size("chunks before the error", 0..=40)
            .min(plan.items.len());
        let error = case.number("error", u64::from(u32::MAX));
        plan.items.truncate(at);
        plan.items
            .push((ms(3), Err(u32::try_from(error).unwrap_or(0))));
        plan.declared = match *case.pick("declared", &["nothing", "what arrives", "more"]) {
            "nothing" => None,
            "what arrives" => Some(plan.size() as u64),
            _ => Some(plan.limit as u64),
        };
        check_run(&plan, ERRORS).await;
    });
}

#[test]
fn lets_other_tasks_run() {
    grade(async || {
        // An endless body may consist of chunks without bytes, so that no limit ends it.
        for size in [0, 100] {
            check_turns(1_500, size).await;
        }
    });
}

async fn check_turns(chunks: usize, size: usize) {
    let plan = Plan {
        items: vec![(Duration::ZERO, Ok(size)); chunks],
        declared: None,
        limit: usize::MAX,
    };
    let ticker = Ticker::every_turn();
    let (body, seen) = Body::new(&plan);
    let result = read_body(body, None, plan.limit).await;
    let kept = lock(&seen.0).most_empty;
    check(kept <= 500, || {
        Failure::new(format!(
            "A chunk without bytes should not be kept. Of a body of {chunks} of them, {kept} existed at the same time."
        ))
        .usually("that all chunks are kept in a list until the end. Chunks without bytes fill the memory, and no limit ends that.")
        .read(BODY)
    });
    let turns = ticker.beats();
    let least = chunks / 500;
    check(turns >= least, || {
        Failure::new(format!(
            "While {chunks} chunks of {} are read that are all ready, another task should get {least} turns; it got {turns}.",
            plural(size, "byte")
        ))
        .usually(
            "that a stream which is always ready keeps the function in one poll, with all other tasks of the thread, and its own \
             timeout, waiting. `tokio::task::coop::consume_budget` lets them run now and then.",
        )
        .read("event-loop-scheduling.html#tokios-cooperative-budget")
    });
    let length = result.map(|bytes| bytes.len());
    check(length == Ok(chunks * size), || {
        Failure::new(format!(
            "A body of {chunks} chunks that are all ready should have {}; the length of the result is {length:?}.",
            plural(chunks * size, "byte")
        ))
    });
}

#[test]
fn drops_the_stream_before_it_returns() {
    grade_cases(async |case| {
        let mut plan = drawn(&case);
        plan.declared = match *case.pick("declared", &["nothing", "more than the limit", "more"]) {
            "nothing" => None,
            "more than the limit" => Some(u64::MAX),
            _ => Some(plan.limit as u64 + 1),
        };
        plan.limit += case.size("limit larger by", 0..=3);
        let kind = *case.pick("last", &["end", "too large", "error"]);
        match kind {
            "too large" => plan.items.push((ms(1), Ok(10))),
            "error" => plan.items.push((ms(1), Err(7))),
            _ => {}
        }
        let (body, seen) = Body::new(&plan);
        let reading = read_body(body, plan.declared, plan.limit);
        let (_, finished) = await_and_keep(timeout(LONG, reading)).await;
        let dropped = lock(&seen.0).dropped;
        drop(finished);
        check(dropped, || {
            Failure::new(format!(
                "{}. When the result is returned, the stream should be dropped; it is not.",
                plan.told()
            ))
            .usually("that a task or a list has the stream. The connection is in use as long as the stream exists.")
            .read(RUNS_ON)
        });
    });
}

#[test]
fn drops_the_stream_when_it_is_dropped() {
    drop_at_every_await(
        async || {
            let plan = Plan {
                items: vec![(ms(5), Ok(3)), (ms(5), Ok(0)), (ms(5), Ok(2))],
                declared: Some(5),
                limit: 10,
            };
            let (body, seen) = Body::new(&plan);
            let tasks = Tasks::baseline();
            (read_body(body, plan.declared, plan.limit), (seen, tasks))
        },
        async |(seen, tasks)| {
            let dropped = lock(&seen.0).dropped;
            check(dropped, || {
                Failure::new(
                    "When the future is dropped, the stream should be dropped, too; it is not.",
                )
                .usually("that a task reads the body. It runs on when the future is dropped.")
                .read(RUNS_ON)
            });
            tasks.check_none_left_behind().await;
        },
    );
}

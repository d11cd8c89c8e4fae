//! `HostLimiter`: at most so many requests to a host, and a gap between their starts.

use std::panic::{AssertUnwindSafe, resume_unwind};

use super::*;

#[path = "host_limiter_forgets.rs"]
mod forgets;
#[path = "host_limiter_model.rs"]
mod model;
#[path = "host_limiter_server.rs"]
mod server;

use forgets::forgets as wrong_hosts;
use model::{Call, Mistake, Plan, drawn_calls, moving, panicking, spread};
use server::{Server, limiter, request, starts_of};

const UNFAIR: &str = "that waiting calls are woken and then compete, or that a call which has its permit queues a second time. \
                      tokio's `Mutex` and `Semaphore` are fair, but two queues one after the other are not.";

/// Compares when the requests of `plan` start with what the contract says.
async fn check_starts(plan: &Plan) {
    let (seen, _) = starts_of(plan).await;
    check_seen(plan, seen).await;
}

async fn check_seen(plan: &Plan, seen: Vec<Option<Duration>>) {
    let expected = plan.starts();
    if seen == expected {
        return;
    }
    let cause = cause().await;
    let differs = |call: &usize| seen[*call] != expected[*call];
    let call = (0..seen.len()).find(differs).unwrap_or(0);
    let without = cause_in_the_calls(plan, plan.calls[call].host).await;
    let is_late = seen[call].is_none_or(|at| expected[call].is_some_and(|expected| at > expected));
    let when = |start: Option<Duration>| match start {
        Some(at) => format!("start at {}", in_ms(at)),
        None => "not start".to_owned(),
    };
    check(false, || {
        Failure::new(format!(
            "With at most {} to a host and a gap of {}, {}. Request {call} should {}; {}.",
            plural(plan.limit, "request"),
            in_ms(plan.gap),
            plan.told(call),
            when(expected[call]),
            match seen[call] {
                Some(at) => format!("it started at {}", in_ms(at)),
                None => "it did not start".to_owned(),
            }
        ))
        .usually_if(match cause {
            None if is_late && without.is_some() => without,
            None if plan.is_out_of_order(&seen) => Some(UNFAIR),
            cause => cause.map(Mistake::meaning),
        })
        .read(cause.map_or(RATE_AND_LIMIT, Mistake::page))
    });
}

/// What kind of call the answer fails with, if it is right about the others alone.
async fn cause_in_the_calls(plan: &Plan, host: usize) -> Option<&'static str> {
    let mut staying = plan.clone();
    staying.calls.iter_mut().for_each(|call| call.moves = false);
    let mut patient = plan.clone();
    patient.calls.retain(|call| call.leaves.is_none());
    let mut alone = plan.clone();
    alone.calls.retain(|call| call.host == host);
    let changed = [
        (
            alone,
            "that a request waits for those to another host: the limit, or the gap between starts, is for all hosts together.",
        ),
        (
            staying,
            "that the waker of the first poll is kept. A future may move to another task: the waker of the latest poll counts.",
        ),
        (
            patient,
            "that a call which is dropped while it is the first of its host does not wake the next one, which then waits for an \
             event that has nothing to do with it.",
        ),
    ];
    for (other, meaning) in changed {
        let differs = other.calls != plan.calls;
        if differs && starts_of(&other).await.0 == other.starts() {
            return Some(meaning);
        }
    }
    None
}

/// The one mistake that explains what the answer does with a few fixed plans.
async fn cause() -> Option<Mistake> {
    let plans = model::probes();
    let mut seen = Vec::new();
    for plan in &plans {
        seen.push(starts_of(plan).await.0);
    }
    let explains = |mistake: &&Mistake| {
        let outcomes = plans.iter().map(|plan| plan.starts_with(**mistake));
        outcomes.eq(seen.iter().cloned())
    };
    Mistake::ALL.iter().find(explains).copied()
}

/// Whether the limit holds for requests that take a few milliseconds.
async fn limits_short_requests(limit: usize) -> bool {
    let plan = Plan {
        limit,
        gap: Duration::ZERO,
        calls: vec![Call::taking(ms(5)); 2 * limit],
    };
    starts_of(&plan).await.1.peak() <= limit
}

#[test]
fn limits_the_requests_to_a_host() {
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=40);
        let count = case.size_near("calls", limit, 1..=60);
        let mut calls = drawn_calls(&case, count);
        calls[0].takes += case.long_time("the first request takes longer by");
        let plan = Plan {
            limit,
            gap: Duration::ZERO,
            calls,
        };
        let (seen, server) = starts_of(&plan).await;
        let peak = server.peak();
        if peak > limit {
            let is_limited = limits_short_requests(limit).await;
            check(false, || {
                Failure::new(format!(
                    "At most {} to a host should be in progress; {peak} were.",
                    plural(limit, "request")
                ))
                .usually(match is_limited {
                    false => "that there is no limit for a host, or that a permit is released before the request is awaited.",
                    true => {
                        "that the wait for a place ends after some time, or that a request loses its place. A request may take \
                         any time."
                    }
                })
                .read(HOSTS)
            });
        }
        check_seen(&plan, seen).await;
    });
}

#[test]
fn leaves_a_gap_between_starts() {
    grade_cases(async |case| {
        let count = case.size("calls", 1..=40);
        let mut calls = drawn_calls(&case, count);
        spread(&case, &mut calls);
        let plan = Plan {
            limit: count,
            gap: case.whole_ms("gap", 100),
            calls,
        };
        check_starts(&plan).await;
    });
}

#[test]
fn keeps_both_limits_at_once() {
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=5);
        let count = case.size_near("calls", limit, 1..=40);
        let mut calls = drawn_calls(&case, count);
        spread(&case, &mut calls);
        panicking(&case, &mut calls);
        moving(&case, &mut calls);
        let plan = Plan {
            limit,
            gap: case.whole_ms("gap", 60),
            calls,
        };
        check_starts(&plan).await;
    });
}

#[test]
fn hosts_are_independent() {
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=5);
        let count = case.size_near("calls", limit, 1..=40);
        let mut calls = drawn_calls(&case, count);
        spread(&case, &mut calls);
        let hosts = case.numbers("hosts", count, 4);
        for (call, host) in calls.iter_mut().zip(hosts) {
            call.host = usize::try_from(host).unwrap_or(0);
        }
        let plan = Plan {
            limit,
            gap: case.whole_ms("gap", 60),
            calls,
        };
        check_starts(&plan).await;
    });
}

#[test]
fn first_come_first_served() {
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=5);
        let count = case.size_near("calls", limit, 1..=40);
        let plan = Plan {
            limit,
            gap: case.whole_ms("gap", 60),
            calls: drawn_calls(&case, count),
        };
        let (limiter, server, clock) = (limiter(&plan), Server::default(), Clock::start());
        let started = Mutex::new(Vec::new());
        let calls = plan.calls.iter().enumerate().map(|(number, call)| {
            let (limiter, server, case, started) = (&limiter, &server, &case, &started);
            let request = async move {
                lock(started).push(number);
                case.turns().await;
                request(server, number, call, clock).await;
            };
            async move {
                take(ms(number as u64)).await;
                limiter.run("a.example", request).await;
            }
        });
        case.join(calls).await;
        let started = lock(&started).clone();
        let early = started.windows(2).find(|pair| pair[0] > pair[1]);
        let (later, earlier) = early.map_or((0, 0), |pair| (pair[0], pair[1]));
        check(early.is_none(), || {
            Failure::new(format!(
                "Requests to a host should start in the order in which the calls began to wait; request {later} started before request {earlier}."
            ))
            .usually(UNFAIR)
            .read(FAIR)
        });
    });
}

#[test]
fn a_place_is_free_when_its_request_ends() {
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=5);
        let gap = case.whole_ms("gap", 20);
        let plan = Plan {
            limit,
            gap,
            calls: Vec::new(),
        };
        let ends = ["is ready", "is dropped", "panics"];
        let limiter = limiter(&plan);
        let mut kept = Vec::new();
        for _ in 0..limit {
            let end = *case.pick("each request", &ends);
            match end {
                "is ready" => kept.push(
                    await_and_keep(limiter.run("a.example", sleep(ms(5))))
                        .await
                        .1,
                ),
                "is dropped" => {
                    let run = limiter.run("a.example", std::future::pending::<()>());
                    let _ = timeout(gap + ms(5), run).await;
                }
                _ => {
                    let run = limiter.run("a.example", async { resume_unwind(Box::new(7_u8)) });
                    let payload = AssertUnwindSafe(run).catch_unwind().await.map(|()| 0_u8);
                    let payload = payload.map_err(|payload| payload.downcast_ref::<u8>().copied());
                    check(payload == Err(Some(7)), || {
                        Failure::new("The panic of a request should continue in `run`, with its payload; it does not.")
                            .read(PERMIT)
                    });
                }
            }
        }
        let next = timeout(LONG, limiter.run("a.example", async { 3 })).await;
        check(next == Ok(3), || {
            Failure::new(format!(
                "{} of {limit} have ended, and the next request should start; it did not.",
                plural(limit, "request")
            ))
            .usually(
                "that the place of a request is given back by a line after the `.await`, which a panic and a drop do not \
                 reach, or by the destructor of a future that is finished and not dropped. A permit is a guard.",
            )
            .read(PERMIT)
        });
        drop(kept);
    });
}

#[test]
fn a_cancelled_call_takes_nothing() {
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=3);
        let count = case.size_near("calls", limit, 1..=20);
        let mut calls = drawn_calls(&case, count);
        spread(&case, &mut calls);
        let patience = case.whole_ms_each("calls are dropped after 1 ms +", count, 150);
        for (call, patience) in calls.iter_mut().zip(patience) {
            call.leaves = case
                .pick("dropped", &[false, true])
                .then_some(call.at + ms(1) + patience);
        }
        // Then others wait for the gap alone while a request is in progress.
        calls[0].takes += case.whole_ms("the first request takes longer by", 300);
        let mut plan = Plan {
            limit,
            gap: case.whole_ms("gap", 60),
            calls,
        };
        plan.leave_between_starts();
        check_starts(&plan).await;
    });
}

#[test]
fn forgets_idle_hosts() {
    grade_cases(forgets::look_between);
}

#[test]
fn forgets_a_host_when_its_gap_is_over() {
    grade_cases(forgets::look_exactly);
}

#[test]
fn a_call_whose_request_has_not_started_leaves_no_gap() {
    grade_cases(async |case| {
        let plan = Plan {
            limit: case.size("limit", 1..=3),
            gap: ms(1) + case.whole_ms("gap is 1 ms +", 100),
            calls: Vec::new(),
        };
        let polls = case.size("polls of the first call", 1..=3);
        let (limiter, started) = (limiter(&plan), Mutex::new(false));
        let mut first = Box::pin(limiter.run("a.example", async {
            *lock(&started) = true;
            std::future::pending::<()>().await;
        }));
        for _ in 0..polls {
            let _ = futures::poll!(first.as_mut());
        }
        drop(first);
        let (started, clock) = (*lock(&started), Clock::start());
        let next = limiter.run("a.example", async { clock.elapsed() });
        let at = timeout(LONG, next).await.unwrap_or(LONG);
        let expected = if started { plan.gap } else { Duration::ZERO };
        check(at == expected, || {
            Failure::new(format!(
                "With a gap of {}, the first call is polled {} and dropped; its request {} been polled by then. The next request \
                 should start after {}; it started after {}.",
                in_ms(plan.gap),
                times(polls),
                if started { "had" } else { "had not" },
                in_ms(expected),
                in_ms(at)
            ))
            .usually(
                "that something is awaited between the line that records a start and the first poll of the request. A call that is \
                 dropped there has not started.",
            )
            .read(RATE_AND_LIMIT)
        });
    });
}

#[test]
fn a_call_that_is_dropped_does_not_disturb_the_others() {
    drop_one_of_many(
        async || {
            let plan = Plan {
                limit: 2,
                gap: ms(10),
                calls: Vec::new(),
            };
            let (limiter, server) = (Arc::new(limiter(&plan)), Server::default());
            let clock = Clock::start();
            let calls = (0..5_usize).map(|number| {
                let (limiter, server) = (Arc::clone(&limiter), server.clone());
                let call = Call::taking(ms(35));
                async move {
                    let run = limiter.run("0.example", request(&server, number, &call, clock));
                    timeout(LONG, run).await.is_ok()
                }
            });
            (calls.collect(), (Arc::clone(&limiter), server))
        },
        async |ended, (limiter, server)| {
            let waits = ended.iter().flatten().filter(|ended| !**ended).count();
            check(waits == 0, || {
                Failure::new(format!(
                    "When one of 5 calls is dropped, the others should be ready; {} still waiting.",
                    grading::were(waits)
                ))
                .usually("that the call that was dropped has taken a place, or was woken in the place of another one.")
                .read(PERMIT)
            });
            let mut starts: Vec<_> = server.starts(5).into_iter().flatten().collect();
            starts.sort_unstable();
            let close = starts.windows(2).find(|pair| pair[1] - pair[0] < ms(10));
            check(close.is_none() && server.peak() <= 2, || {
                Failure::new(format!(
                    "When one of 5 calls is dropped, at most 2 requests should be in progress and starts 10 ms apart; {} were in \
                     progress, and the starts are {}.",
                    server.peak(),
                    list(starts.iter().map(|at| in_ms(*at)))
                ))
                .read(RATE_AND_LIMIT)
            });
            sleep(ms(10)).await;
            let hosts = limiter.hosts();
            check(hosts == 0, || {
                wrong_hosts(0, hosts, "10 ms after the last of all calls")
            });
        },
    );
}

//! `Drain`: which requests are refused, which are waited for, and until when.

use super::*;
use exercises::production::{Drain, Drained};

#[path = "Drain_model.rs"]
mod model;

use model::{Call, Ended, Mistake, NEVER, Plan, Request, Seen};

/// Lets everything in `plan` happen, each at its instant.
async fn run(plan: &Plan) -> Seen {
    let (drain, start) = (Drain::new(), Instant::now());
    let seen = Mutex::new(Seen {
        admitted: vec![(false, 0); plan.requests.len()],
        calls: vec![Ended::Never; plan.calls.len()],
    });
    let (drain, seen_here) = (&drain, &seen);
    let mut all: Vec<Wait<'_, ()>> = Vec::new();
    for (number, request) in plan.requests.iter().enumerate() {
        all.push(Box::pin(async move {
            sleep_until(start + ms(request.begins)).await;
            let guard = drain.admit();
            lock(seen_here).admitted[number] = (guard.is_some(), drain.in_flight());
            sleep_until(start + ms(request.ends)).await;
            drop(guard);
        }));
    }
    let ends = plan.requests.iter().map(|request| request.ends);
    let deadlines = plan.calls.iter().map(|call| call.deadline);
    let limit = start + ms(ends.chain(deadlines).max().unwrap_or(0)) + LONG;
    for (number, call) in plan.calls.iter().enumerate() {
        all.push(Box::pin(async move {
            sleep_until(start + ms(call.at)).await;
            let until = limit.min(start + ms(call.dropped));
            let drained = timeout_at(until, drain.drain(start + ms(call.deadline))).await;
            let at = start.elapsed().as_millis() as u64;
            lock(seen_here).calls[number] = match drained {
                Ok(drained) => Ended::With(drained, at),
                Err(_) if until < limit => Ended::Dropped,
                Err(_) => Ended::Never,
            };
        }));
    }
    if let Some(at) = plan.begin {
        all.push(Box::pin(async move {
            sleep_until(start + ms(at)).await;
            drain.begin();
        }));
    }
    if let Some(at) = plan.stop {
        all.push(Box::pin(async move {
            sleep_until(start + ms(at)).await;
            drain.stop();
        }));
    }
    join_woken(all).await;
    lock(&seen).clone()
}

async fn check_plan(plan: &Plan, page: &'static str) {
    let (seen, expected) = (run(plan).await, plan.outcome(None));
    if seen == expected {
        return;
    }
    let cause = cause(plan, &seen).await;
    check(false, || {
        let differs = seen.differs(&expected, plan);
        Failure::new(format!("In this order: {}. {differs}", plan.told()))
            .usually_if(cause.map(Mistake::meaning))
            .read(cause.map_or(page, Mistake::page))
    });
}

async fn cause(plan: &Plan, seen: &Seen) -> Option<Mistake> {
    if !wakes_all() {
        return Some(Mistake::WakesOne);
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
    let is_too_early = plan.calls.iter().zip(&seen.calls).any(|(call, ended)| {
        matches!(ended, Ended::With(Drained::DeadlineReached { .. }, at) if *at < call.deadline)
    });
    explained.or_else(|| is_too_early.then_some(Mistake::OwnLimit))
}

/// Whether the end of the last request wakes more than one waiter.
fn wakes_all() -> bool {
    let drain = Drain::new();
    let guard = drain.admit();
    drain.begin();
    let wakers = [TestWaker::new(), TestWaker::new(), TestWaker::new()];
    let waits = wakers.iter().map(|waker| {
        let mut wait: Wait<'_, ()> = Box::pin(drain.drained());
        let _ = waker.poll(wait.as_mut());
        wait
    });
    let waits: Vec<_> = waits.collect();
    drop(guard);
    let woken = wakers.iter().filter(|waker| waker.wake_count() > 0).count();
    drop(waits);
    woken != 1
}

/// The last digit of an instant is that of its kind: 0 and 2 for requests, 4 and 6 for calls, 7, 8 and 9 for the rest.
fn drawn_requests(case: &Case, most: usize) -> Vec<Request> {
    let count = case.size("requests", 1..=most);
    let begins = case.numbers("requests come after 10 ms times", count, 12);
    let takes = case.numbers("requests take 2 ms and 10 ms times", count, 12);
    let requests = begins.iter().zip(&takes).map(|(begins, takes)| Request {
        begins: 10 * begins,
        ends: 10 * (begins + takes) + 2,
    });
    let mut requests: Vec<Request> = requests.collect();
    requests.sort_by_key(|request| request.begins);
    for number in 1..requests.len() {
        // No two come at the same instant: which one is counted first would not be known.
        let takes = requests[number].ends - requests[number].begins;
        let begins = requests[number]
            .begins
            .max(requests[number - 1].begins + 10);
        requests[number] = Request {
            begins,
            ends: begins + takes,
        };
    }
    requests
}

fn drawn_calls(case: &Case, count: usize, longest: u64) -> Vec<Call> {
    let begins = case.numbers("`drain` is called after 4 ms and 10 ms times", count, 14);
    let waits = case.numbers("deadlines after 10 ms times", count, longest);
    let calls = begins.iter().zip(&waits).map(|(begins, waits)| Call {
        at: 10 * begins + 4,
        deadline: (10 * (begins + waits) + 6).saturating_sub(10),
        dropped: NEVER,
    });
    calls.collect()
}

#[test]
fn refuses_requests_when_it_has_begun() {
    grade_cases(async |case| {
        let plan = Plan {
            requests: drawn_requests(&case, 20),
            begin: Some(10 * case.number("`begin` after 7 ms and 10 ms times", 14) + 7),
            ..Plan::default()
        };
        check_plan(&plan, DRAIN).await;
    });
}

#[test]
fn waits_for_the_requests_in_flight() {
    grade_cases(async |case| {
        let mut plan = Plan {
            requests: drawn_requests(&case, 20),
            calls: drawn_calls(&case, 1, 0),
            ..Plan::default()
        };
        plan.calls[0].deadline = 1_006 + case.long_time("more time").as_millis() as u64;
        check_plan(&plan, DRAIN).await;
    });
}

#[test]
fn ends_at_the_deadline() {
    grade_cases(async |case| {
        let plan = Plan {
            requests: drawn_requests(&case, 12),
            calls: drawn_calls(&case, 1, 12),
            ..Plan::default()
        };
        check_plan(&plan, DRAIN).await;
    });
}

#[test]
fn a_stop_ends_every_call() {
    grade_cases(async |case| {
        let calls = case.size("calls", 1..=4);
        let mut plan = Plan {
            requests: drawn_requests(&case, 12),
            calls: drawn_calls(&case, calls, 40),
            stop: Some(10 * case.number("`stop` after 8 ms and 10 ms times", 20) + 8),
            begin: None,
        };
        for call in &mut plan.calls {
            // Some deadlines have passed already.
            if case.below(4) > 0 {
                call.deadline += 1_000;
            }
        }
        check_plan(&plan, SECOND).await;
    });
}

#[test]
fn each_call_has_its_own_deadline() {
    grade_cases(async |case| {
        let calls = case.size("calls", 1..=8);
        let plan = Plan {
            requests: drawn_requests(&case, 12),
            calls: drawn_calls(&case, calls, 20),
            ..Plan::default()
        };
        check_plan(&plan, DRAIN).await;
    });
}

#[test]
fn dropping_a_call_changes_nothing() {
    grade_cases(async |case| {
        let calls = case.size("calls", 1..=5);
        let mut plan = Plan {
            requests: drawn_requests(&case, 8),
            calls: drawn_calls(&case, calls, 20),
            ..Plan::default()
        };
        for call in &mut plan.calls {
            let waits = case.below(10);
            if waits < 5 {
                call.dropped = call.at + 10 * waits + 3;
            }
        }
        check_plan(&plan, DROPPED).await;
    });
}

#[test]
fn a_request_may_take_any_time() {
    grade_cases(async |case| {
        let takes = case.long_time("the request takes").as_millis() as u64;
        let plan = Plan {
            requests: vec![Request {
                begins: 10,
                ends: takes + 22,
            }],
            calls: vec![Call {
                at: 14,
                deadline: takes + 1_006,
                dropped: NEVER,
            }],
            ..Plan::default()
        };
        check_plan(&plan, DRAIN).await;
    });
}

#[test]
fn a_request_that_ends_at_the_deadline_is_in_time() {
    grade(async || {
        let (drain, waker) = (Drain::new(), TestWaker::new());
        let guard = drain.admit();
        let mut draining = pin!(drain.drain(Instant::now() + ms(30)));
        let _ = waker.poll(draining.as_mut());
        tokio::time::advance(ms(30)).await;
        drop(guard);
        let polled = waker.poll(draining.as_mut());
        check(polled == Poll::Ready(Drained::Clean), || {
            Failure::new(format!(
                "The last request has ended when the call is polled at its deadline, so it should return `Clean`; it returned {polled:?}."
            ))
            .usually("that the clock is looked at before the count.")
            .read(DRAIN)
        });
        let late = drain.drain(Instant::now()).now_or_never();
        check(late == Some(Drained::Clean), || {
            Failure::new(format!(
                "The deadline is now, and no request is in flight, so the first poll should return `Clean`; it returned {late:?}."
            ))
            .usually("that the clock is looked at before the count.")
            .read(DRAIN)
        });
    });
}

#[test]
fn a_deadline_that_has_passed_is_not_waited_for() {
    grade_cases(async |case| {
        let drain = Drain::new();
        let abandoned = case.size("requests", 1..=3);
        let _guards: Vec<_> = (0..abandoned).map(|_| drain.admit()).collect();
        let passed = case.whole_ms("passed by", 100);
        let deadline = Instant::now();
        tokio::time::advance(passed).await;
        let polled = drain.drain(deadline).now_or_never();
        check(
            polled == Some(Drained::DeadlineReached { abandoned }),
            || {
                Failure::new(format!(
                "The deadline passed {} ago, and {} in flight. The first poll should return `DeadlineReached` with {abandoned}; the result \
                 is {polled:?}.",
                in_ms(passed),
                are_in_flight(abandoned),
            ))
            .read(DRAIN)
            },
        );
        let is_begun = drain.admit().is_none();
        check(is_begun, || {
            Failure::new("A call of `drain` whose deadline has passed was polled, so requests should be refused; one was admitted.")
                .usually("that it returns before it begins the drain.")
                .read(DRAIN)
        });
    });
}

#[test]
fn a_stop_comes_before_the_deadline() {
    grade_cases(async |case| {
        let (drain, waker) = (Drain::new(), TestWaker::new());
        let abandoned = case.size("requests", 1..=3);
        let guards: Vec<_> = (0..abandoned).map(|_| drain.admit()).collect();
        let waits = case.whole_ms("deadline after", 50);
        let deadline = Instant::now() + waits;
        let mut waiting = Box::pin(drain.drain(deadline));
        // A call that begins later finds that both have happened.
        let is_polled_before = case.below(2) == 0 && !waits.is_zero();
        if is_polled_before {
            let _ = waker.poll(waiting.as_mut());
        }
        let stops_first = case.below(2) == 0;
        if stops_first {
            drain.stop();
        }
        tokio::time::advance(waits).await;
        if !stops_first {
            drain.stop();
        }
        let is_clean = case.below(2) == 0;
        let expected = if is_clean {
            Drained::Clean
        } else {
            Drained::Stopped { abandoned }
        };
        let guards = (!is_clean).then_some(guards);
        let polled = waker.poll(waiting.as_mut());
        check(polled == Poll::Ready(expected), || {
            Failure::new(format!(
                "`stop` was called, the deadline was reached, and {} in flight when the call is polled. It should return {expected:?}; it \
                 returned {polled:?}.",
                if is_clean { "no request is".to_owned() } else { are_in_flight(abandoned) },
            ))
            .usually_if((matches!(polled, Poll::Ready(Drained::DeadlineReached { .. })) && tells_a_stop()).then_some(
                "that the clock is looked at before `stop`. A second signal says more about the end of a service than its deadline.",
            ))
            .read(SECOND)
        });
        drop(guards);
    });
}

/// Whether `drain` says that it was stopped, if its deadline is far away.
fn tells_a_stop() -> bool {
    let drain = Drain::new();
    let _guard = drain.admit();
    drain.clone().stop();
    let drained = drain.drain(Instant::now() + LONG).now_or_never();
    drained == Some(Drained::Stopped { abandoned: 1 })
}

fn are_in_flight(count: usize) -> String {
    let are = if count == 1 { "is" } else { "are" };
    format!("{} {are}", plural(count, "request"))
}

/// Polls each of these that was woken, until none is woken any more. Returns how many are pending.
fn poll_the_woken<T>(waits: &mut Vec<(TestWaker, usize, Wait<'_, T>)>) -> usize {
    loop {
        let before = waits.len();
        let mut polled_any = false;
        waits.retain_mut(|(waker, seen, wait)| {
            if waker.wake_count() == *seen {
                return true;
            }
            polled_any = true;
            *seen = waker.wake_count();
            waker.poll(wait.as_mut()).is_pending()
        });
        if !polled_any && waits.len() == before {
            return before;
        }
    }
}

/// Makes calls that change nothing: the drain has begun.
fn check_none_is_woken(case: &Case, drain: &Drain, waits: &[(TestWaker, usize, Wait<'_, ()>)]) {
    let before = waits.iter().map(|(waker, ..)| waker.wake_count());
    let before: usize = before.sum();
    for _ in 0..case.size("calls that change nothing", 0..=4) {
        let calls = [
            "begin()",
            "in_flight()",
            "admit()",
            "clone()",
            "drain(deadline)",
        ];
        let call = *case.pick("call", &calls);
        match call {
            "begin()" => drain.begin(),
            "in_flight()" => drop(drain.in_flight()),
            "admit()" => drop(drain.admit()),
            "clone()" => drop(drain.clone()),
            _ => drop(drain.drain(Instant::now() + LONG).now_or_never()),
        }
        let after = waits.iter().map(|(waker, ..)| waker.wake_count());
        let woken = after.sum::<usize>() - before;
        check(woken == 0, || {
            Failure::new(format!(
                "The drain has begun, so `{call}` changes nothing, and no waiter should be woken; {} woken.",
                were(woken)
            ))
            .usually("that waiters are woken by every call, and not by changes. Each of them is polled for nothing.")
            .read(CONDITION)
        });
    }
}

#[test]
fn every_waiter_is_woken() {
    grade_cases(async |case| {
        let drain = Drain::new();
        let guards = case.size("requests", 1..=3);
        let mut guards: Vec<_> = (0..guards).map(|_| drain.admit()).collect();
        let count = case.size("waiters", 1..=40);
        let kinds = case.numbers("0 for `drained`, 1 for `drain`", count, 1);
        let event = *case.pick("event", &["the last request ends", "`stop`"]);
        let mut waits = Vec::new();
        let deadline = Instant::now() + LONG;
        for kind in kinds {
            let drain = &drain;
            let mut wait: Wait<'_, ()> = match (kind, event) {
                (0, "the last request ends") => Box::pin(drain.drained()),
                _ => Box::pin(async move {
                    let _ = drain.drain(deadline).await;
                }),
            };
            let waker = TestWaker::new();
            let _ = waker.poll(wait.as_mut());
            waits.push((waker, 0, wait));
        }
        drain.begin();
        poll_the_woken(&mut waits);
        // A waiter that leaves before must not take the waker of another one along.
        let leaves = case.size("dropped before", 0..=count - 1);
        for _ in 0..leaves {
            drop(waits.remove(case.below(waits.len() as u64) as usize));
        }
        check_none_is_woken(&case, &drain, &waits);
        let has_left = leaves > 0;
        let count = waits.len();
        let before: Vec<_> = waits.iter().map(|(waker, ..)| waker.wake_count()).collect();
        if event == "`stop`" {
            drain.stop();
        } else {
            guards.clear();
        }
        if event == "`stop`" && case.below(2) == 0 {
            drain.stop();
        }
        for ((waker, ..), before) in waits.iter().zip(before) {
            let woken = waker.wake_count() - before;
            check(woken <= 1, || {
                Failure::new(format!(
                    "A waiter has stored one waker, and {event}. The waker should be called once; it was called {}.",
                    times(woken)
                ))
                .usually("that a waker stays stored when it has been called, or that a second `stop` wakes the waiters again.")
                .read(CONDITION)
            });
        }
        // Some leave when they have been woken, and others are polled after that.
        let leave = case.size("dropped when they are woken", 0..=count - 1);
        waits.drain(..leave.min(waits.len()));
        let left = poll_the_woken(&mut waits);
        check(left == 0, || {
            Failure::new(format!(
                "{} wait, then {event}, and {leave} of them are dropped before they are polled. All others should be woken and return; \
                 {left} did not.",
                plural(count, "call")
            ))
            .usually_if(match wakes_all() {
                false => Some(Mistake::WakesOne.meaning()),
                true => has_left.then_some(TAKES_ALONG),
            })
            .read(CONDITION)
        });
    });
}

#[test]
fn drained_waits_for_the_begin_and_the_requests() {
    grade_cases(async |case| {
        let (drain, waker) = (Drain::new(), TestWaker::new());
        let count = case.size("requests", 0..=3);
        let mut guards: Vec<_> = (0..count).filter_map(|_| drain.admit()).collect();
        let mut wait: Wait<'_, ()> = Box::pin(drain.drained());
        let mut has_begun = false;
        let mut steps = vec!["begin"; 1];
        steps.extend(vec!["a request ends"; guards.len()]);
        let order = case.permutation("order", steps.len());
        let stops = *case.pick("begins with", &["begin", "stop"]);
        for step in order {
            let before = waker.poll(wait.as_mut());
            check(before.is_pending(), || {
                Failure::new(format!(
                    "The drain has {}begun, and {} in flight. `drained` should be pending; it was ready.",
                    if has_begun { "" } else { "not " },
                    plural(guards.len(), "request")
                ))
                .usually(if has_begun {
                    "that it does not look at the count again when it is woken, or that `stop` ends it."
                } else {
                    "that it waits for the requests only. Before the drain has begun, more may come."
                })
                .read(DRAIN)
            });
            let woken = waker.wake_count();
            if steps[step] == "begin" {
                match stops {
                    "begin" => drain.begin(),
                    _ => drain.stop(),
                }
                has_begun = true;
            } else {
                guards.pop();
            }
            let is_over = has_begun && guards.is_empty();
            check(!is_over || waker.wake_count() > woken, || {
                Failure::new(
                    "The drain has begun and no request is in flight any more, so `drained` should be woken; it was not.",
                )
                .usually("that only one of the two wakes it: it waits for both, and either may come last.")
                .read(CONDITION)
            });
        }
        let polled = waker.poll(wait.as_mut());
        let budget = *case.pick("budget of a new call", &[100, 0]);
        let poll = || drain.drained().now_or_never();
        let first = with_budget(budget, poll).await;
        let needs_budget = first.is_none() && with_budget(100, poll).await.is_some();
        check(polled.is_ready() && first.is_some(), || {
            Failure::new(format!(
                "The drain has begun and no request is in flight, so `drained` should be ready; a call that was woken was {}, and a new one {}{}.",
                if polled.is_ready() { "ready" } else { "pending" },
                if first.is_some() { "ready" } else { "pending" },
                if needs_budget { NO_BUDGET } else { "" },
            ))
            .usually(if needs_budget {
                AWAITS_FIRST
            } else if stops == "stop" && !polled.is_ready() {
                "that `stop` does not begin the drain."
            } else {
                "that it waits before it looks at the state, for something that has happened already."
            })
            .read(CONDITION)
        });
    });
}

#[test]
fn drained_wakes_the_latest_waker() {
    every_waker_sequence(|| {
        let drain = Drain::new();
        let guard = drain.admit();
        drain.begin();
        (async move { drain.drained().await }, move || drop(guard))
    });
}

#[test]
fn a_dropped_waiter_leaves_no_waker() {
    grade(async || {
        let (drain, waker) = (Drain::new(), TestWaker::new());
        let _guard = drain.admit();
        let mut wait: Wait<'_, ()> = Box::pin(drain.drained());
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
                "`drained` was polled three times and dropped, and nothing has happened. Its waker should not have been called, and should be \
                 dropped; it was called {}, and {} of it exist.",
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
#[cfg(feature = "loom")]
fn wakes_without_holding_the_lock() {
    reentrant_wakers(|| {
        let drain = Drain::new();
        let guard = drain.admit();
        drain.begin();
        (async move { drain.drained().await }, move || drop(guard))
    });
    reentrant_wakers(|| {
        let drain = Drain::new();
        let beginning = drain.clone();
        (async move { drain.drained().await }, move || {
            beginning.begin()
        })
    });
    reentrant_wakers(|| {
        let drain = Drain::new();
        let stopping = drain.clone();
        (async move { drain.drained().await }, move || {
            stopping.stop()
        })
    });
}

#[test]
#[cfg(feature = "loom")]
fn no_wake_up_is_lost() {
    every_interleaving(|| {
        let drain = explorable(Drain::new);
        let guard = drain.admit();
        let other = {
            let drain = drain.clone();
            thread::spawn(move || {
                drop(guard);
                drain.begin();
            })
        };
        wait_for(drain.drained());
        other.join().expect("the other thread panicked");
    });
}

#[cfg(feature = "loom")]
const IN_TWO_STEPS: &str =
    "that the count is read and written in two steps, and two threads do so at the same time.";

#[test]
#[cfg(feature = "loom")]
fn a_request_is_refused_or_waited_for() {
    every_interleaving(|| {
        let drain = explorable(Drain::new);
        let has_returned = Arc::new(AtomicBool::new(false));
        let other = {
            let (drain, has_returned) = (drain.clone(), Arc::clone(&has_returned));
            thread::spawn(move || {
                let Some(guard) = drain.admit() else {
                    return false;
                };
                let is_late = has_returned.load(SeqCst);
                check(!is_late, || {
                    Failure::new(
                        "`drained` has returned while another thread was in `admit`. Then the request should be refused; it was admitted.",
                    )
                    .usually(if drain.admit().is_some() {
                        Mistake::AdmitsAll.meaning()
                    } else {
                        "that `admit` looks whether the drain has begun, and counts the request in another step. The drain may begin and end \
                         between the two: do both under one lock."
                    })
                    .read(DRAIN)
                });
                drop(guard);
                true
            })
        };
        drain.begin();
        wait_for(drain.drained());
        has_returned.store(true, SeqCst);
        let was_admitted = other.join().expect("the other thread panicked");
        let left = drain.in_flight();
        check(left == 0, || {
            Failure::new(format!(
                "Both threads are done, so no request should be in flight; {left} is."
            ))
            .usually(if was_admitted {
                IN_TWO_STEPS
            } else {
                Mistake::RefusedAreCounted.meaning()
            })
            .read(DRAIN)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn two_requests_end_at_the_same_time() {
    every_interleaving(|| {
        let drain = explorable(Drain::new);
        let (first, second) = (drain.admit(), drain.admit());
        drain.begin();
        let other = thread::spawn(move || drop(first));
        drop(second);
        other.join().expect("the other thread panicked");
        let left = drain.in_flight();
        check(left == 0, || {
            Failure::new(format!(
                "Two requests have ended, in two threads. No request should be in flight; {left} is."
            ))
            .usually(IN_TWO_STEPS)
            .read(DRAIN)
        });
        wait_for(drain.drained());
    });
}

#[test]
#[cfg(feature = "loom")]
fn some_are_abandoned_or_it_is_clean() {
    every_interleaving(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime without sockets");
        let _in_runtime = runtime.enter();
        let drain = explorable(Drain::new);
        let guard = drain.admit();
        let other = thread::spawn(move || drop(guard));
        let drained = drain.drain(Instant::now()).now_or_never();
        let expected = [
            Some(Drained::Clean),
            Some(Drained::DeadlineReached { abandoned: 1 }),
        ];
        check(expected.contains(&drained), || {
            Failure::new(format!(
                "The deadline is now, and the one request ends in another thread. The first poll should return `Clean`, or `DeadlineReached` \
                 with 1; the result is {drained:?}."
            ))
            .usually_if(matches!(drained, Some(Drained::DeadlineReached { .. })).then_some(
                "that the count is looked at twice: once to decide, and again for the result. The request may end between the two.",
            ))
            .read(DRAIN)
        });
        other.join().expect("the other thread panicked");
    });
}

#[test]
fn dropping_it_leaves_it_usable() {
    drop_at_every_await(
        async || {
            let (drain, tasks) = (Drain::new(), Tasks::baseline());
            let guards = (drain.admit(), drain.admit());
            let draining = {
                let drain = drain.clone();
                async move {
                    let _ = drain.drain(Instant::now() + ms(50)).await;
                }
            };
            (draining, (drain, guards, tasks))
        },
        async |(drain, guards, tasks)| {
            drop(guards);
            let drained = timeout(ms(100), drain.drain(Instant::now() + ms(1_000))).await;
            check(drained == Ok(Drained::Clean), || {
                Failure::new(format!(
                    "After the drop all requests end, so the next `drain` should return `Clean` at once; the result is {drained:?}."
                ))
                .usually("that a call that was dropped is still waited for, or that the requests are not counted any more.")
                .read(DROPPED)
            });
            tasks.check_none_left_behind().await;
        },
    );
}

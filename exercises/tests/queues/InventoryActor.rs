//! `InventoryActor`: a task that owns the stock, and callers that send it requests.

use std::cell::Cell;

use super::inventory_traffic::{Ended, Request as Requested, Traffic};
use super::*;
use exercises::queues::{InventoryActor, OutOfStock};

type Reply = Result<u32, OutOfStock>;

fn describe(reply: &Reply) -> String {
    match reply {
        Ok(left) => format!("{left} left"),
        Err(OutOfStock { available }) => format!("out of stock with {available} available"),
    }
}

fn describe_all(replies: &[Reply]) -> String {
    let replies: Vec<String> = replies.iter().map(describe).collect();
    replies.join("; ")
}

/// Not `drop`: for the stub, a type without a destructor, that is a lint.
fn drop_handle(_handle: InventoryActor) {}

#[test]
fn counts_the_units() {
    grade(async || {
        let actor = InventoryActor::spawn(10, ms(20), 4);
        let clock = Clock::start();
        let mut replies = vec![
            actor.take(4).await,
            actor.take(7).await,
            actor.take(6).await,
        ];
        actor.add(5).await;
        replies.push(actor.take(5).await);
        replies.push(actor.take(1).await);
        let expected = [
            Ok(6),
            Err(OutOfStock { available: 6 }),
            Ok(0),
            Ok(0),
            Err(OutOfStock { available: 0 }),
        ];
        check(replies == expected, || {
            let failure = Failure::new(format!(
                "There are 10 units: take 4, 7 and 6, add 5, take 5 and 1. The replies should be {}; they were {}.",
                describe_all(&expected),
                describe_all(&replies)
            ));
            let out = |available| Err(OutOfStock { available });
            let mistakes = [
                (
                    "that it takes a part if there are not enough. Then nothing should be taken.",
                    [Ok(6), out(6), out(0), Ok(0), out(0)],
                ),
                (
                    "that it takes a part if there are not enough. Then nothing should be taken.",
                    [Ok(6), Ok(0), Ok(0), Ok(0), Ok(0)],
                ),
                (
                    "that `available` is the number of missing units. It is the number of units that there are.",
                    [Ok(6), out(1), Ok(0), Ok(0), out(1)],
                ),
                (
                    "that `take` returns how many units were taken. It returns how many are left.",
                    [Ok(4), out(6), Ok(6), Ok(5), out(0)],
                ),
            ];
            match explained(&replies, mistakes) {
                Some(meaning) => failure.usually(meaning),
                None => failure,
            }
            .read(ACTOR)
        });
        let took = clock.elapsed();
        check(took == ms(120), || {
            Failure::new(format!(
                "Six requests, each with a query of 20 ms, should take 120 ms; they took {}.",
                in_ms(took)
            ))
            .usually(if took < ms(120) {
                "that there is no query for some requests, or that several are handled at the same time."
            } else {
                "that a caller waits for `latency` as well, or that there is more than one query for a request."
            })
            .read(ACTOR)
        });
    });
}

#[test]
fn a_request_for_no_units_is_a_request() {
    grade(async || {
        let (actor, clock) = (InventoryActor::spawn(10, ms(20), 8), Clock::start());
        let replies = [actor.take(0).await, {
            actor.add(0).await;
            actor.take(3).await
        }];
        let took = clock.elapsed();
        check(replies == [Ok(10), Ok(7)] && took == ms(60), || {
            Failure::new(format!(
                "There are 10 units: take 0, add 0, take 3. The replies should be 10 left and 7 left, after three queries of 20 ms: at \
                 60 ms. They were {}, at {}.",
                describe_all(&replies),
                in_ms(took)
            ))
            .usually("that a request for no units is answered without a query, or refused.")
            .read(ACTOR)
        });
    });
}

#[derive(Debug, Clone, Copy)]
enum Request {
    Add(u32),
    Take(u32),
}

/// When a timer for `time` expires: on whole milliseconds.
fn rounded_up(time: Duration) -> Duration {
    ms(time.as_nanos().div_ceil(1_000_000) as u64)
}

#[test]
fn keeps_any_stock() {
    grade_cases(async |case| {
        let latency = case.duration("latency", ms(50));
        let stock = case.number("stock", u32::MAX.into()) as u32;
        let count = case.size("requests", 0..=12);
        let kinds = case.numbers("kinds, 1 for `add`", count, 1);
        let units = case.numbers("units", count, u32::MAX.into());
        // A slot for each request.
        let (actor, clock) = (InventoryActor::spawn(stock, latency, 16), Clock::start());
        let (mut available, mut due) = (stock, Duration::ZERO);
        for ((kind, units), made) in kinds.into_iter().zip(units).zip(1..) {
            let request = match kind {
                // No more than fit into a `u32`.
                1 => Request::Add((units as u32).min(u32::MAX - available)),
                _ => Request::Take(units as u32),
            };
            let before = available;
            due += rounded_up(latency);
            match request {
                Request::Add(units) => {
                    actor.add(units).await;
                    available += units;
                }
                Request::Take(units) => {
                    let reply = actor.take(units).await;
                    let expected = available.checked_sub(units).ok_or(OutOfStock { available });
                    available = expected.unwrap_or(available);
                    check(reply == expected, || {
                        Failure::new(format!(
                            "There are {before} units, and {units} are taken. The reply should be {}; it was {}.",
                            describe(&expected),
                            describe(&reply)
                        ))
                        .read(ACTOR)
                    });
                    let took = clock.elapsed();
                    check(took == due, || {
                        let failure = Failure::new(format!(
                            "Requests are made one after the other, and each has a query of {latency:?}. The reply to this one should come \
                             at {}; it came at {}.",
                            in_ms(due),
                            in_ms(took)
                        ));
                        let rounded_down = ms(latency.as_millis() as u64);
                        if latency != rounded_down && took == made * rounded_down {
                            failure.usually("that `latency` is rounded down to whole milliseconds.")
                        } else {
                            failure
                        }
                        .read(ACTOR)
                    });
                }
            }
        }
        let reply = actor.take(0).await;
        check(reply == Ok(available), || {
            Failure::new(format!(
                "After these requests there should be {available} units. `take(0)` should reply {}; it replied {}.",
                describe(&Ok(available)),
                describe(&reply)
            ))
            .read(ACTOR)
        });
    });
}

#[test]
fn serves_requests_in_arrival_order() {
    grade(async || {
        let actor = InventoryActor::spawn(100, ms(20), 8);
        let clock = Clock::start();
        let take = async |units| (actor.take(units).await, clock.elapsed());
        let seen = tokio::join!(biased; take(1), take(10), take(5));
        let seen = [seen.0, seen.1, seen.2];
        let expected = [(Ok(99), ms(20)), (Ok(89), ms(40)), (Ok(84), ms(60))];
        check(seen == expected, || {
            let seen: Vec<String> = seen
                .iter()
                .map(|(reply, at)| format!("{} at {}", describe(reply), in_ms(*at)))
                .collect();
            Failure::new(format!(
                "There are 100 units, and three callers take 1, 10 and 5 at the same time. The replies should be 99 left at \
                 20 ms, 89 left at 40 ms and 84 left at 60 ms; they were {}.",
                seen.join(", ")
            ))
            .usually(
                "that a task is spawned for each request, so that several are handled at a time, or that a reply goes to \
                 another caller.",
            )
            .read(ACTOR)
        });
    });
}

#[test]
fn keeps_the_order_of_add_and_take() {
    grade(async || {
        let actor = InventoryActor::spawn(0, ms(20), 32);
        let (clock, added_at) = (Clock::start(), Cell::new(Duration::ZERO));
        let callers = (0..8).map(async |_| {
            actor.add(1).await;
            added_at.set(added_at.get().max(clock.elapsed()));
            actor.take(1).await
        });
        let replies = grading::join_all(callers).await;
        check(replies == [Ok(0); 8], || {
            let failure = Failure::new(format!(
                "There are 0 units. Eight callers at the same time add one and then take one, so the requests arrive in the \
                 order add, take, add, take. Each reply should be 0 left; they were {}.",
                describe_all(&replies)
            ));
            if added_at.get() > Duration::ZERO {
                failure.usually("that `add` waits for the actor. It should return as soon as its request is in the inbox.")
            } else {
                failure.usually("that requests are not handled in the order in which they enter the inbox.")
            }
            .read(ACTOR)
        });
    });
}

#[test]
fn replies_reach_their_caller_in_any_order() {
    grade_cases(async |case| {
        let actor = InventoryActor::spawn(63, ms(1), 2);
        // With these numbers of units, what is left tells which callers were served before.
        let callers = [1, 2, 4, 8, 16, 32].map(|units| {
            let (actor, case) = (actor.clone(), case.clone());
            async move {
                sleep(ms(case.below(3))).await;
                case.turns().await;
                (units, actor.take(units).await)
            }
        });
        let mut replies = case.join(callers).await;
        replies.sort_by_key(|(_, reply)| std::cmp::Reverse(reply.unwrap_or(u32::MAX)));
        let mut available = 63;
        for (units, reply) in &replies {
            check(*reply == Ok(available - units), || {
                Failure::new(format!(
                    "There were {available} units, and the next caller took {units}. Its reply should be {} left; it was {}.",
                    available - units,
                    describe(reply)
                ))
                .usually(
                    "that a caller receives the reply to another one, as happens when all callers share one channel for \
                     replies; or that a full inbox is answered without the actor.",
                )
                .read(ONESHOT)
            });
            available -= units;
        }
    });
}

#[test]
fn a_full_inbox_applies_backpressure() {
    grade(async || {
        let actor = InventoryActor::spawn(0, ms(20), 3);
        let added = Cell::new(0);
        let adding = async {
            for _ in 0..20 {
                actor.add(1).await;
                added.set(added.get() + 1);
                tokio::task::yield_now().await;
            }
        };
        let observing = async {
            let mut seen = Vec::new();
            for pause in [10, 20, 20] {
                sleep(ms(pause)).await;
                seen.push(added.get());
            }
            seen
        };
        let (_, seen) = tokio::join!(biased; timeout(ms(55), adding), observing);
        check(seen == [4, 5, 6], || {
            let failure = Failure::new(format!(
                "The inbox has a capacity of 3, and the actor handles another request, 20 ms each. At 10, 30 and 50 ms, 4, 5 \
                 and 6 calls of `add` should have returned, and the next should wait; {} had.",
                list(&seen)
            ));
            match seen[0] {
                20 => failure
                    .usually(
                        "that the inbox has no bound: an `unbounded_channel`, a task for each request, or `try_send` whose \
                         error is ignored.",
                    )
                    .read(GROWTH),
                0 => failure
                    .usually("that `add` waits until the actor has handled the request. It should wait for a slot only.")
                    .read(BACKPRESSURE),
                4 => failure
                    .usually(
                        "that the actor moves the requests into a list of its own, which has no bound, so that the inbox has \
                         free slots again.",
                    )
                    .read(GROWTH),
                _ => failure
                    .usually("that the capacity of the channel is not `capacity`.")
                    .read(BACKPRESSURE),
            }
        });
    });
}

#[test]
fn holds_as_many_requests_as_its_capacity() {
    grade_cases(async |case| {
        let capacity = case.size("capacity", 1..=300);
        let actor = InventoryActor::spawn(0, ms(1000), capacity);
        let mut added = 0;
        // The actor handles the first one.
        while added < 2 * capacity + 10 && timeout(ms(1), actor.add(1)).await.is_ok() {
            added += 1;
            tokio::task::yield_now().await;
        }
        let expected = capacity + 1;
        check(added == expected, || {
            Failure::new(format!(
                "The inbox has a capacity of {capacity}, and the actor handles one more request. So {expected} calls of `add` should return, \
                 and the next should wait; {} returned.",
                if added > expected { "more".to_owned() } else { added.to_string() }
            ))
            .usually("that the capacity of the inbox is not `capacity`, or is kept in a type that is too small.")
            .read(BACKPRESSURE)
        });
    });
}

#[test]
fn an_add_that_is_dropped_adds_nothing() {
    grade(async || {
        let actor = InventoryActor::spawn(0, ms(20), 1);
        actor.add(1).await;
        tokio::task::yield_now().await;
        // The actor handles the first request, the second is in the inbox, and the third waits for a slot.
        actor.add(2).await;
        let third = timeout(ms(10), actor.add(4)).await;
        let reply = within(ms(1000), actor.take(0)).await.0;
        check(third.is_err() && reply == Some(Ok(3)), || {
            Failure::new(format!(
                "There are 0 units. 1 and 2 are added, and the inbox is full. A call of `add(4)` waits for a slot, and is dropped. 3 should \
                 be left; the call {}, and then {}.",
                if third.is_ok() { "returned" } else { "was dropped" },
                match &reply {
                    Some(reply) => format!("`take(0)` replied {}", describe(reply)),
                    None => "`take(0)` had no reply within a second".to_owned(),
                }
            ))
            .usually(if third.is_ok() {
                "that `add` does not wait for a slot."
            } else {
                "that a request is sent later although its call was dropped, by a task for example."
            })
            .read(CANCELLED_CALLER)
        });
    });
}

#[test]
fn a_cancelled_take_removes_nothing() {
    // Dropped while the request is in the inbox, and while the actor queries for it.
    for dropped_at in [5, 25] {
        grade(async || {
            let actor = InventoryActor::spawn(10, ms(20), 8);
            let cancelled = timeout(ms(dropped_at), async {
                sleep(ms(1)).await;
                actor.take(7).await
            });
            let (first, cancelled, ()) =
                tokio::join!(biased; actor.take(1), cancelled, sleep(ms(100)));
            let last = actor.take(9).await;
            let as_expected = first == Ok(9) && cancelled.is_err() && last == Ok(0);
            check(as_expected, || {
                let failure = Failure::new(format!(
                    "There are 10 units. One is taken, and a call of `take(7)` is dropped after {dropped_at} ms, before it has \
                     a reply. 9 should be left; `take(9)` returned {}.",
                    describe(&last)
                ));
                match last {
                    Err(OutOfStock { available: 2 }) => failure.usually(
                        "that the units are taken out before the reply is sent, and stay out if it cannot be delivered. \
                         `send` returns an error if the receiver is gone.",
                    ),
                    _ => failure.usually("that the actor has ended, or counts wrongly, after a call was dropped."),
                }
                .read(CANCELLED_CALLER)
            });
        });
    }
}

#[test]
fn a_cancelled_take_costs_no_time() {
    for (dropped_at, expected) in [(5, 40), (25, 45)] {
        grade(async || {
            let actor = InventoryActor::spawn(10, ms(20), 8);
            let clock = Clock::start();
            let cancelled = timeout(ms(dropped_at), actor.take(7));
            let last = async {
                let reply = actor.take(1).await;
                (reply, clock.elapsed())
            };
            let (_, _, (reply, at)) = tokio::join!(biased; actor.take(1), cancelled, last);
            check(reply == Ok(8) && at == ms(expected), || {
                let failure = Failure::new(format!(
                    "A query takes 20 ms. Of three calls at the same time, the second is dropped at {dropped_at} ms. The third \
                     should have its reply, 8 left, at {expected} ms; at {} it was {}.",
                    in_ms(at),
                    describe(&reply)
                ));
                if at == ms(60) {
                    failure.usually("that the actor finishes the query for a caller that is gone.")
                } else {
                    failure.usually("that a dropped call affects the calls of others.")
                }
                .read(CANCELLED_CALLER)
            });
        });
    }
}

#[test]
fn a_cancelled_caller_does_not_stop_the_actor() {
    // Before the query ends, and in the instant in which it ends.
    for dropped_at in [5, 20] {
        grade(async || {
            let actor = InventoryActor::spawn(10, ms(20), 8);
            for _ in 0..3 {
                let _ = timeout(ms(dropped_at), actor.take(1)).await;
            }
            let fourth = grading::spawn(async move { actor.take(3).await });
            let (reply, _) = within(ms(1000), fourth).await;
            let reply = reply.and_then(Result::ok);
            check(reply == Some(Ok(7)), || {
                let failure = Failure::new(format!(
                    "A query takes 20 ms. Three calls were dropped after {dropped_at} ms each, without a reply. The fourth \
                     should return 7 left; {}.",
                    match &reply {
                        Some(reply) => format!("it returned {}", describe(reply)),
                        None => "it had no reply".to_owned(),
                    }
                ));
                match reply {
                    Some(Ok(_)) => failure.usually(
                        "that units are taken out for a caller that is gone. `send` returns an error in that case: take \
                         them out when it has succeeded.",
                    ),
                    Some(Err(_)) | None => {
                        failure.usually("that the actor ends, or panics, when it cannot deliver a reply.")
                    }
                }
                .read(CANCELLED_CALLER)
            });
        });
    }
}

#[test]
fn a_reply_counts_even_if_its_caller_is_dropped() {
    grade(async || {
        let (actor, waker) = (InventoryActor::spawn(10, ms(20), 8), TestWaker::new());
        let mut dropped = Box::pin(actor.take(3));
        let polled = waker.poll(dropped.as_mut());
        sleep(ms(30)).await;
        let is_woken = waker.wake_count() > 0;
        drop(dropped);
        sleep(ms(100)).await;
        let reply = actor.take(0).await;
        check(polled.is_pending() && is_woken && reply == Ok(7), || {
            let report = Failure::new(format!(
                "There are 10 units. A call of `take(3)` gets its reply at 20 ms, and is dropped at 30 ms before it has returned. The \
                 units are taken, so 7 should be left. {}.",
                match (is_woken, &reply) {
                    (true, reply) => format!("After it, `take(0)` replied {}", describe(reply)),
                    (false, _) => "The call was not woken before that".to_owned(),
                }
            ));
            if is_woken {
                report
                    .usually(
                        "that the units are taken only when the caller has received the reply, or are put back when it is dropped. \
                         The actor has replied, so they are taken.",
                    )
                    .read(CANCELLED_CALLER)
            } else {
                report.read(ACTOR)
            }
        });
    });
}

#[test]
fn a_dropped_caller_does_not_affect_the_others() {
    const UNITS: [u32; 4] = [1, 2, 4, 8];
    drop_one_of_many(
        async || {
            let actor = InventoryActor::spawn(15, ms(20), 1);
            let calls = UNITS.map(|units| {
                let actor = actor.clone();
                async move { timeout(ms(1000), actor.take(units)).await.ok() }
            });
            (calls.into(), ())
        },
        async |replies, ()| {
            // A reply that was sent and not received is lost, and its units with it.
            let expected = [false, true].map(|taken_by_the_dropped| {
                let mut left = 15;
                let expect = |(reply, units): (&Option<_>, u32)| {
                    let is_dropped = reply.is_none();
                    left -= if is_dropped && !taken_by_the_dropped {
                        0
                    } else {
                        units
                    };
                    (!is_dropped).then_some(Some(Ok(left)))
                };
                replies.iter().zip(UNITS).map(expect).collect::<Vec<_>>()
            });
            check(expected.contains(&replies), || {
                let seen = replies.iter().flatten().map(|reply| match reply {
                    Some(reply) => describe(reply),
                    None => "no reply within a second".to_owned(),
                });
                let expected = expected[0].iter().flatten().flatten().map(describe);
                Failure::new(format!(
                    "There are 15 units and the inbox holds one request. Four callers take 1, 2, 4 and 8, and one of them is \
                     dropped. The others should have the replies {}; they had {}.",
                    expected.collect::<Vec<_>>().join("; "),
                    seen.collect::<Vec<_>>().join("; ")
                ))
                .read(CANCELLED_CALLER)
            });
        },
    );
}

#[test]
fn callers_that_stay_are_served_in_order() {
    grade_cases(async |case| check_traffic(&Traffic::patient(&case)).await);
}

#[test]
fn callers_that_leave_change_nothing_for_the_others() {
    grade_cases(async |case| check_traffic(&Traffic::impatient(&case)).await);
}

async fn check_traffic(traffic: &Traffic) {
    let (expected, seen) = (traffic.expected(), traffic.run().await);
    let both = expected.0.iter().zip(&seen.0).zip(&traffic.callers);
    for (n, ((expected, seen), caller)) in both.enumerate() {
        let shown = |ended: &Ended| match (ended, caller.request) {
            (None, _) => "never, because it is dropped before".to_owned(),
            (Some((at, _)), Requested::Add(_)) => format!("at {}", in_ms(*at)),
            (Some((at, reply)), Requested::Take(_)) => {
                format!("at {}, with the reply {}", in_ms(*at), describe(reply))
            }
        };
        check(seen == expected, || {
            Failure::new(format!(
                "The call number {n}, `{}` at {}, should return {}. It returned {}.",
                match caller.request {
                    Requested::Add(units) => format!("add({units})"),
                    Requested::Take(units) => format!("take({units})"),
                },
                in_ms(caller.comes_at),
                shown(expected),
                shown(seen)
            ))
            .read(ACTOR)
        });
    }
    check(seen.1 == expected.1, || {
        Failure::new(format!(
            "After all these calls, `take(0)` should reply {}; it replied {}.",
            describe(&expected.1),
            describe(&seen.1)
        ))
        .read(ACTOR)
    });
}

#[test]
fn no_wait_and_no_query_is_given_up() {
    grade_cases(async |case| {
        let (long, [idle, latency]) = one_long_time(&case, ["the inbox is empty", "a query"]);
        let (actor, clock) = (InventoryActor::spawn(10, latency, 1), Clock::start());
        sleep(idle).await;
        // The actor handles 2, 3 is in the inbox, and 4 waits for a slot.
        let calls = [2, 3, 4].map(|units| actor.take(units));
        let calls = async { grading::join_all(calls).await };
        let Some(replies) = caught(calls).await else {
            check(false, || {
                let failure = Failure::new(
                    "Some time after `spawn`, `take` is called for the first time. It should get its reply; it panicked.",
                );
                match long {
                    0 => failure.usually(
                        "that the actor ends when no request has come for some time. It should wait as long as there is a handle.",
                    ),
                    _ => failure,
                }
                .read(ACTOR)
            });
            return;
        };
        let (took, expected) = (clock.elapsed(), idle + 3 * latency);
        check(replies == [Ok(8), Ok(5), Ok(1)] && took == expected, || {
            Failure::new(format!(
                "There are 10 units. Some time after `spawn`, three callers take 2, 3 and 4 at the same time. The replies should be 8 left; \
                 5 left; 1 left, after three queries, at {}. They were {}, at {}.",
                in_ms(expected),
                describe_all(&replies),
                in_ms(took)
            ))
            .read(ACTOR)
        });
    });
}

/// The output of `future`, or `None` if it panicked.
async fn caught<F: Future>(future: F) -> Option<F::Output> {
    use futures::FutureExt;
    std::panic::AssertUnwindSafe(future)
        .catch_unwind()
        .await
        .ok()
}

#[test]
fn spawn_panics_outside_of_a_runtime() {
    grade(async || {
        let outside = std::thread::spawn(|| InventoryActor::spawn(1, ms(20), 1)).join();
        check(outside.is_err(), || {
            Failure::new("`spawn` should panic if it is called outside of a runtime; it returned.")
                .read("tasks.html#spawn-and-joinhandle")
        });
        // The panic of a stub is not the one that is wanted, and happened on a thread that no report sees.
        if outside.is_err_and(|panic| panic.downcast_ref() == Some(&"not yet implemented")) {
            todo!();
        }
    });
}

#[test]
fn ends_when_the_last_handle_is_dropped() {
    for queued in [0, 2] {
        grade(async || {
            let tasks = Tasks::baseline();
            let actor = InventoryActor::spawn(10, ms(20), 4);
            let clone = actor.clone();
            let _ = actor.take(1).await;
            for _ in 0..queued {
                clone.add(1).await;
            }
            drop_handle(actor);
            let alive = tasks.left_behind().await;
            check(alive == 1, || {
                Failure::new(format!(
                    "One of two handles was dropped. There should be one task, the actor; the number of tasks is {alive}."
                ))
                .usually("that the actor ends with the first handle, that there is none, or that each request is a task.")
                .read(ACTOR)
            });
            drop_handle(clone);
            sleep(ms(1000)).await;
            let alive = tasks.left_behind().await;
            check(alive == 0, || {
                Failure::new(
                    "A second after the last handle was dropped, the actor should have ended; it is still alive.",
                )
                .usually(
                    "that the actor holds a sender of its own inbox. As long as there is a sender, `recv` waits.",
                )
                .read(KEPT_SENDER)
            });
        });
    }
}

#[test]
fn handles_queued_requests_before_it_ends() {
    grade(async || {
        let tasks = Tasks::baseline();
        let actor = InventoryActor::spawn(10, ms(20), 4);
        for _ in 0..3 {
            actor.add(1).await;
        }
        drop_handle(actor);
        sleep(ms(50)).await;
        let during = tasks.left_behind().await;
        sleep(ms(20)).await;
        let after = tasks.left_behind().await;
        check((during, after) == (1, 0), || {
            Failure::new(format!(
                "Three requests of 20 ms are in the inbox when the last handle is dropped. The actor should be alive at 50 ms, \
                 and have ended at 70 ms; the number of tasks was {during} and then {after}."
            ))
            .usually("that the actor is aborted, or told to end in another way than by its closed inbox, and does not wait for the inbox to be empty.")
            .read(CLOSING)
        });
    });
}

//! `InventoryActor`: a task that owns the stock, and callers that send it requests.

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
            Failure::new(format!(
                "There are 10 units: take 4, 7 and 6, add 5, take 5 and 1. The replies should be {}; they were {}.",
                describe_all(&expected),
                describe_all(&replies)
            ))
            .usually(
                "that units are counted twice or not at all, that it takes a part if there are not enough, or that \
                 `available` is the number of missing units.",
            )
            .read(ACTOR)
        });
        let took = clock.elapsed();
        check(took == ms(120), || {
            Failure::new(format!(
                "Six requests, each with a query of 20 ms, should take 120 ms; they took {}.",
                in_ms(took)
            ))
            .usually("that the actor does not query for each request, or that the caller waits for `latency` as well.")
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
        let callers = (0..8).map(async |_| {
            actor.add(1).await;
            actor.take(1).await
        });
        let replies = futures::future::join_all(callers).await;
        check(replies == [Ok(0); 8], || {
            Failure::new(format!(
                "There are 0 units. Eight callers at the same time add one and then take one, so the requests arrive in the \
                 order add, take, add, take. Each reply should be 0 left; they were {}.",
                describe_all(&replies)
            ))
            .usually(
                "that there is a channel for each kind of request, so that the order between the two is lost; that a task of \
                 its own sends the request; or that `add` waits until the actor has handled it.",
            )
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
        let added = std::cell::Cell::new(0);
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
                    _ => failure.usually("that the number of units changes for another reason."),
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
            let fourth = tokio::spawn(async move { actor.take(3).await });
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
                .usually(
                    "that a reply goes to the caller that is next in a list, and the caller that was dropped is still in it. Send \
                     the sender of the reply together with the request.",
                )
                .read(CANCELLED_CALLER)
            });
        },
    );
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
                    "One of two handles was dropped. There should be one task, the actor; there are {alive}."
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
                 and have ended at 70 ms; {during} and then {after} tasks were alive."
            ))
            .usually("that the actor is aborted, or told to end in another way than by its closed inbox, and does not wait for the inbox to be empty.")
            .read(CLOSING)
        });
    });
}

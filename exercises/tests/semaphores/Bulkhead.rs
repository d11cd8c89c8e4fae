//! `Bulkhead`: run at once, or not at all.

use super::*;
use std::pin::pin;
use std::task::Poll;

use exercises::semaphores::{Bulkhead, Full};
use grading::TestWaker;

#[test]
fn refuses_at_once_when_full() {
    grade(async || {
        let (bulkhead, clock) = (Bulkhead::new(2), Clock::start());
        let slow = || bulkhead.run(sleep(ms(100)));
        let late = async {
            sleep(ms(10)).await;
            let call = Counted::new(async {});
            let counts = call.counts();
            let refused = bulkhead.run(call).await;
            (refused, counts.polls(), clock.elapsed())
        };
        let (_, _, (outcome, polls, at)) = tokio::join!(biased; slow(), slow(), late);
        check(outcome == Err(Full) && at == ms(10), || {
            Failure::new(format!(
                "With room for 2 calls, and 2 running, a third call at 10 ms should return `Err(Full)` at 10 ms; it returned \
                 {outcome:?} at {}.",
                in_ms(at)
            ))
            .usually(if outcome.is_ok() && at == ms(10) {
                "that the call was started before the check whether there is room."
            } else {
                "that it waits for a permit. `try_acquire` does not wait."
            })
            .read(BULKHEAD)
        });
        check(polls == 0, || {
            Failure::new(format!(
                "A refused call should not be polled; it was polled {}.",
                times(polls)
            ))
            .usually("that the call was started before the check whether there is room.")
            .read(BULKHEAD)
        });
    });
}

#[test]
fn refuses_at_its_first_poll() {
    grade(async || {
        let (bulkhead, waker) = (Bulkhead::new(1), TestWaker::new());
        let mut running = pin!(bulkhead.run(std::future::pending::<()>()));
        let _ = waker.poll(running.as_mut());
        // On a paused clock a timeout of zero expires at once, and looks like no wait at all.
        tokio::time::resume();
        let mut refused = pin!(bulkhead.run(async {}));
        let polled = waker.poll(refused.as_mut());
        check(polled == Poll::Ready(Err(Full)), || {
            Failure::new(format!(
                "With a full bulkhead, the first poll of `run` should return `Full`; it returned {polled:?}."
            ))
            .usually(
                "that the call waits in the queue for a permit, perhaps with a timeout of zero. `try_acquire` does not \
                 enter the queue.",
            )
            .read(BULKHEAD)
        });
    });
}

#[test]
fn runs_the_call_at_its_first_poll() {
    grade(async || {
        let (bulkhead, waker) = (Bulkhead::new(1), TestWaker::new());
        let polls_of_the_call = || {
            let call = Counted::new(async {});
            let counts = call.counts();
            let _ = waker.poll(pin!(bulkhead.run(call)).as_mut());
            counts.polls()
        };
        let polls = polls_of_the_call();
        check(polls == 1, || {
            Failure::new(format!(
                "There is room, so the call should be polled at the first poll; it was polled {}.",
                times(polls)
            ))
            .usually("that something else is awaited before the call.")
            .read(BULKHEAD)
        });
        use_up_the_budget().await;
        let polls = polls_of_the_call();
        check(polls == 1, || {
            Failure::new(format!(
                "There is room, but the calling task has used up its budget, so that its next `acquire` is pending to let \
                 other tasks run. The call should be polled at the first poll all the same; it was polled {}.",
                times(polls)
            ))
            .usually(
                "that one line checks for room and another one acquires it. In between another caller may take the permit, \
                 and then this one waits. `try_acquire` does both in one step.",
            )
            .read(BULKHEAD)
        });
    });
}

#[test]
fn has_room_until_a_first_poll() {
    grade(async || {
        let bulkhead = Bulkhead::new(1);
        let _not_polled = bulkhead.run(async {});
        let outcome = bulkhead.run(async {}).await;
        check(outcome == Ok(()), || {
            Failure::new(format!(
                "There is room for 1 call. Of two calls the first has not been polled, so the second should run; it returned \
                 {outcome:?}."
            ))
            .usually("that the permit is acquired where the future is created, and not in its first poll.")
            .read(BULKHEAD)
        });
    });
}

#[test]
fn returns_as_soon_as_its_call_ends() {
    grade(async || {
        let (bulkhead, waker) = (Bulkhead::new(1), TestWaker::new());
        let polled = waker.poll(pin!(bulkhead.run(async {})).as_mut());
        check(polled == Poll::Ready(Ok(())), || {
            Failure::new(format!(
                "There is room, and the call ends at its first poll. `run` should return its output in that poll; it \
                 returned {polled:?}."
            ))
            .usually("that `run` waits for something else, before the call or after it.")
            .read(BULKHEAD)
        });
    });
}

#[test]
fn a_finished_call_keeps_nothing() {
    grade(async || {
        let bulkhead = Bulkhead::new(1);
        let (first, _finished) = await_and_keep(bulkhead.run(async { 7 })).await;
        let next = bulkhead.run(async { 7 }).await;
        check(first == Ok(7) && next == Ok(7), || {
            Failure::new(format!(
                "There is room for 1 call. A call has ended, and the future of `run` has returned its output and is not dropped \
                 yet, so the next call should run; the two returned {first:?} and {next:?}."
            ))
            .usually_if((first == Ok(7)).then_some(
                "that the permit is kept in a field of the future until that is dropped. Release it when the call ends.",
            ))
            .read(GUARD)
        });
        let (running, waker, call) = (std::future::pending::<()>(), TestWaker::new(), Rc::new(()));
        let mut running = pin!(bulkhead.run(running));
        let _ = waker.poll(running.as_mut());
        let captured = Rc::clone(&call);
        let (refused, _finished) =
            await_and_keep(bulkhead.run(async move { drop(captured) })).await;
        let exists = Rc::strong_count(&call) > 1;
        check(refused == Err(Full) && !exists, || {
            Failure::new(format!(
                "A call was refused, and the future of `run` has returned and is not dropped yet. The call should have been dropped; \
                 `run` returned {refused:?}, and the call {}.",
                if exists { "still exists" } else { "was dropped" }
            ))
            .usually_if((refused == Err(Full)).then_some(
                "that the call is kept in a field of the future until that is dropped.",
            ))
            .read(BULKHEAD)
        });
    });
}

/// tokio gives a task a budget for each of its polls. When it is used up, everything that could wait is pending.
async fn use_up_the_budget() {
    std::future::poll_fn(|cx| {
        while let Poll::Ready(step) = tokio::task::coop::poll_proceed(cx) {
            step.made_progress();
        }
        Poll::Ready(())
    })
    .await;
}

#[test]
fn reaches_its_size_and_never_exceeds_it() {
    grade_cases(async |case| {
        let size = case.size("size", 0..=300);
        let count = case.size_near("calls", size, 0..=300);
        let (bulkhead, gauge) = (Bulkhead::new(size), Gauge::new());
        let calls = (0..count).map(async |number| {
            sleep(ms(case.below(2))).await;
            let call = async {
                let _call = gauge.enter();
                sleep(ms(5)).await;
                number
            };
            bulkhead.run(call).await == Ok(number)
        });
        let outcomes = case.join(calls).await;
        let made = outcomes.into_iter().filter(|made| *made).count();
        let (peak, expected) = (gauge.peak(), size.min(count));
        check((peak, made) == (expected, expected), || {
            Failure::new(format!(
                "With room for {size}, {expected} of {count} calls at the same time should run; {made} ran, at most {peak} of \
                 them at the same time."
            ))
            .usually(if size == 0 {
                "that a bulkhead for 0 calls has room for one. It is one that refuses every call."
            } else if peak < expected {
                "that a call is refused although there is room."
            } else if peak == expected {
                "that calls which were refused are made later, or that some get another output than that of their call."
            } else {
                "that a permit is released before its call ends, or that there is room for more than `size` calls."
            })
            .read(if peak > expected && size > 0 { UNDERSCORE } else { BULKHEAD })
        });
    });
}

#[test]
fn a_refused_call_takes_no_room() {
    grade_cases(async |case| {
        let size = case.size("size", 1..=40);
        let refused = case.size("calls that are refused", 1..=40);
        let bulkhead = Bulkhead::new(size);
        for calls in [size + refused, size] {
            let outcomes = join_all((0..calls).map(|_| bulkhead.run(sleep(ms(10))))).await;
            let made = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
            check(made == size, || {
                Failure::new(format!(
                    "With room for {size}, {size} of {calls} calls at the same time should run{}; the number is {made}.",
                    if calls == size {
                        format!(", after {} refused and all others have ended", was_or_were(refused))
                    } else {
                        String::new()
                    }
                ))
                .usually_if((calls == size).then_some(
                    "that a call which is refused is counted as running, and is not uncounted.",
                ))
                .read(BULKHEAD)
            });
        }
    });
}

fn was_or_were(refused: usize) -> String {
    match refused {
        1 => "1 was".to_owned(),
        more => format!("{more} were"),
    }
}

/// Whether a call that was refused leaves less room, although no call was dropped.
async fn a_refusal_costs_room() -> bool {
    let bulkhead = Bulkhead::new(1);
    let _ = join_all((0..2).map(|_| bulkhead.run(sleep(ms(10))))).await;
    bulkhead.run(sleep(ms(10))).await == Err(Full)
}

#[test]
fn a_size_may_be_any_number() {
    grade_cases(async |case| {
        let most = tokio::sync::Semaphore::MAX_PERMITS as u64;
        let size = case.number("size", most) as usize;
        let bulkhead = Bulkhead::new(size);
        let outcomes = join_all((0..3).map(|_| bulkhead.run(sleep(ms(10))))).await;
        let made = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let expected = size.min(3);
        check(made == expected, || {
            Failure::new(format!(
                "With room for {size}, {expected} of 3 calls at the same time should run; the number is {made}."
            ))
            .usually(if size == 0 {
                "that a bulkhead for 0 calls has room for one. It is one that refuses every call."
            } else {
                "that the size is kept in a type that is too small."
            })
            .read(BULKHEAD)
        });
    });
}

async fn check_room(bulkhead: &Bulkhead, after: &str) {
    let outcome = bulkhead.run(async { 7 }).await;
    check(outcome == Ok(7), || {
        Failure::new(format!(
            "After {after} there should be room again; the next call returned {outcome:?}."
        ))
        .usually("that the code that releases the permit does not run then, such as a line after the call that calls `add_permits`.")
        .read(LOST_PERMITS)
    });
}

#[test]
fn releases_its_permit_when_dropped() {
    drop_one_of_many(
        async || {
            let bulkhead = Rc::new(Bulkhead::new(2));
            let calls = [0, 0, 5].map(|starts| {
                let bulkhead = Rc::clone(&bulkhead);
                async move {
                    sleep(ms(starts)).await;
                    bulkhead.run(sleep(ms(10))).await
                }
            });
            (calls.into(), bulkhead)
        },
        async |_outcomes, bulkhead| {
            let call = || bulkhead.run(sleep(ms(10)));
            let outcomes = <[_; 3]>::from(tokio::join!(biased; call(), call(), call()));
            let refusal_costs_room = a_refusal_costs_room().await;
            check(outcomes == [Ok(()), Ok(()), Err(Full)], || {
                let room = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
                Failure::new(format!(
                    "The size is 2. One of several calls was dropped, and the others have ended, so there should be room for 2; of \
                     three calls {room} were made."
                ))
                .usually(if room < 2 && refusal_costs_room {
                    "that a call which is refused is counted as running, and is not uncounted."
                } else if room < 2 {
                    "that the code that releases the permit does not run then, such as a line after the call that calls `add_permits`."
                } else {
                    "that the permit of a cancelled call is released twice: by its guard, and by hand."
                })
                .read(LOST_PERMITS)
            });
        },
    );
}

#[test]
fn releases_its_permit_after_a_panic() {
    grade(async || {
        let bulkhead = Bulkhead::new(1);
        let call = bulkhead.run(async { panic!("the answer cannot be parsed") });
        let _: Result<Result<(), Full>, _> = AssertUnwindSafe(call).catch_unwind().await;
        check_room(&bulkhead, "a call that panicked").await;
    });
}

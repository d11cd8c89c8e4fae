//! `Bulkhead`: in at once, or not at all.

use super::*;
use std::pin::pin;
use std::task::Poll;

use exercises::semaphores::{Bulkhead, Full};
use grading::TestWaker;

#[test]
fn refuses_at_once_when_it_is_full() {
    grade(async || {
        let (wall, clock) = (Bulkhead::new(2), Clock::start());
        let slow = || wall.run(sleep(ms(100)));
        let late = async {
            sleep(ms(10)).await;
            let call = Counted::new(async {});
            let counts = call.counts();
            let refused = wall.run(call).await;
            (refused, counts.polls(), clock.elapsed())
        };
        let (_, _, (outcome, polls, at)) = tokio::join!(biased; slow(), slow(), late);
        check(outcome == Err(Full) && at == ms(10), || {
            Failure::new(format!(
                "With both places taken, a call at 10 ms should be `Full` at 10 ms; it was {outcome:?} at {}.",
                in_ms(at)
            ))
            .usually("that it waits for a permit. `try_acquire` does not, and with 2 permits there are 2 places.")
            .read(WALL)
        });
        check(polls == 0, || {
            Failure::new(format!(
                "A call that is refused should not be polled; it was, {}.",
                times(polls)
            ))
            .usually("that it was begun before anybody looked for room.")
            .read(WALL)
        });
    });
}

#[test]
fn answers_at_its_first_poll() {
    grade(async || {
        let (wall, bell) = (Bulkhead::new(1), TestWaker::new());
        let mut inside = pin!(wall.run(std::future::pending::<()>()));
        let _ = bell.poll(inside.as_mut());
        // On a paused clock a time limit of nothing is over at once, and looks like no wait at all.
        tokio::time::resume();
        let mut refused = pin!(wall.run(async {}));
        let polled = bell.poll(refused.as_mut());
        check(polled == Poll::Ready(Err(Full)), || {
            Failure::new(format!(
                "A full bulkhead should answer `Full` at the first poll of a call; that was {polled:?}."
            ))
            .usually(
                "that it stands in the line for a permit, with a time limit of zero perhaps. `try_acquire` does not stand \
                 there at all.",
            )
            .read(WALL)
        });
    });
}

#[test]
fn begins_at_its_first_poll() {
    grade(async || {
        let (wall, bell) = (Bulkhead::new(1), TestWaker::new());
        let call = Counted::new(async {});
        let counts = call.counts();
        use_up_the_turn().await;
        let _ = bell.poll(pin!(wall.run(call)).as_mut());
        let polls = counts.polls();
        check(polls == 1, || {
            Failure::new(format!(
                "There is room, and the task that calls has worked for long: tokio lets its next `acquire` be pending, so \
                 that others have a turn. The call should begin at its first poll all the same; it was polled {}.",
                times(polls)
            ))
            .usually(
                "that one line looks for room and another one takes it. In between somebody else may take it, and then \
                 you stand in the line. `try_acquire` is both in one.",
            )
            .read(WALL)
        });
    });
}

/// tokio gives a task a budget of steps for each of its polls. Without one, whatever could wait is pending.
async fn use_up_the_turn() {
    std::future::poll_fn(|cx| {
        while let Poll::Ready(step) = tokio::task::coop::poll_proceed(cx) {
            step.made_progress();
        }
        Poll::Ready(())
    })
    .await;
}

#[test]
fn reaches_its_size_and_never_passes_it() {
    shuffled(async |shuffle| {
        let (wall, gauge) = (Bulkhead::new(3), Gauge::new());
        let calls = (0..8).map(async |_| {
            sleep(ms(shuffle.below(2))).await;
            let call = async {
                let _inside = gauge.enter();
                sleep(ms(5)).await;
            };
            wall.run(call).await.is_ok()
        });
        let made = shuffle
            .join(calls)
            .await
            .into_iter()
            .filter(|made| *made)
            .count();
        check((gauge.peak(), made) == (3, 3), || {
            Failure::new(format!(
                "Of 8 calls, 3 should be made, all at the same time; {made} were, and at most {} at the same time.",
                gauge.peak()
            ))
            .usually("that a permit is dropped before its call ends, or that refused calls are made later.")
            .read("semaphores-pitfalls.html#a-key-that-is-hung-back-at-once")
        });
    });
}

async fn check_room(wall: &Bulkhead, after: &str) {
    let outcome = wall.run(async { 7 }).await;
    check(outcome == Ok(7), || {
        Failure::new(format!(
            "After {after} there should be room again; the next call was {outcome:?}."
        ))
        .usually("that the room is given back by a line that was not reached.")
        .read(BY_HAND)
    });
}

#[test]
fn room_comes_back_when_it_is_dropped() {
    drop_at_every_await(
        async || {
            let wall = Arc::new(Bulkhead::new(1));
            let mine = Arc::clone(&wall);
            (async move { mine.run(sleep(ms(10))).await }, wall)
        },
        async |wall| check_room(&wall, "the drop").await,
    );
}

#[test]
fn room_comes_back_after_a_panic() {
    grade(async || {
        let wall = Bulkhead::new(1);
        let call = wall.run(async { panic!("the partner sends nonsense") });
        let _: Result<Result<(), Full>, _> = AssertUnwindSafe(call).catch_unwind().await;
        check_room(&wall, "a call that panicked").await;
    });
}

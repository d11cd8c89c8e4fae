//! `yield_now`: pending once, and already woken.

use super::*;
use exercises::futures::yield_now;

#[test]
fn is_pending_once() {
    grade(async || {
        let bell = TestWaker::new();
        let mut answer = pin!(yield_now());
        let first = bell.poll(answer.as_mut());
        check(first.is_pending(), || {
            Failure::new("The first poll should be pending; it was ready.")
                .usually("that nobody else gets a turn: a future that is ready at once lets nobody in between.")
                .read(CONTRACT)
        });
        let second = bell.poll(answer.as_mut());
        check(second.is_ready(), || {
            Failure::new("The second poll should be ready; it was pending.")
                .usually(
                    "that it does not remember that it has yielded. A variable inside the closure is a new one at each \
                     poll; one beside it is a field of the future.",
                )
                .read("futures-tools.html#poll_fn")
        });
    });
}

#[test]
fn has_rung_when_it_says_pending() {
    grade(async || {
        let bell = TestWaker::new();
        let mut answer = pin!(yield_now());
        let _ = bell.poll(answer.as_mut());
        let rings = bell.wake_count();
        check(rings == 1, || {
            let miss = Failure::new(format!(
                "When the first poll returns, its waker should have been woken once; it was woken {}.",
                times(rings)
            ));
            if rings == 0 {
                miss.usually(
                    "that nobody wakes it, or somebody else is to do it later: a timer, a thread, tokio's own \
                     `yield_now`. Here nothing will ever happen that could ring, so it rings itself.",
                )
                .read(FORGOTTEN)
            } else {
                miss.usually("that it rings in more than one place.")
                    .read(BUSY)
            }
        });
    });
}

#[test]
fn rings_no_more_when_it_is_ready() {
    grade(async || {
        let (first, second) = (TestWaker::new(), TestWaker::new());
        let mut answer = pin!(yield_now());
        let _ = first.poll(answer.as_mut());
        let _ = second.poll(answer.as_mut());
        let rings = second.wake_count();
        check(rings == 0, || {
            Failure::new(format!(
                "The second poll is the last, and should wake nobody; it woke its waker {}.",
                times(rings)
            ))
            .usually(
                "that each poll rings, the last one too. Its task would be polled once more, and for nothing.",
            )
            .read(BUSY)
        });
    });
}

#[test]
fn each_one_yields_anew() {
    grade(async || {
        let three = Counted::new(async {
            for _ in 0..3 {
                yield_now().await;
            }
        });
        let counts = three.counts();
        three.await;
        let polls = counts.polls();
        check(polls == 4, || {
            Failure::new(format!(
                "Three of them in a row should be pending three times, so be polled 4 times; they were polled {}.",
                times(polls)
            ))
            .usually(
                "that what is remembered belongs to all of them, a `static` say. Each future has to remember its own.",
            )
            .read("futures-tools.html#poll_fn")
        });
    });
}

#[test]
fn two_at_the_same_time_both_yield() {
    grade(async || {
        let bell = TestWaker::new();
        let (mut one, mut other) = (pin!(yield_now()), pin!(yield_now()));
        let polled = (bell.poll(one.as_mut()), bell.poll(other.as_mut()));
        check(polled.0.is_pending() && polled.1.is_pending(), || {
            Failure::new("Two of them are polled once each, in turn. Both should be pending; one was ready.")
                .usually("that what is remembered belongs to all of them, a `static` say. Each future has to remember its own.")
                .read("futures-tools.html#poll_fn")
        });
    });
}

#[test]
fn others_get_their_turn() {
    grade(async || {
        let ticker = Ticker::every_turn();
        for _part in 0..10 {
            yield_now().await;
        }
        let beats = ticker.beats();
        check(beats >= 10, || {
            Failure::new(format!(
                "In a loop that yields 10 times, another task should get 10 turns; it got {beats}."
            ))
            .usually("that the answer is ready without having been pending.")
            .read(CONTRACT)
        });
    });
}

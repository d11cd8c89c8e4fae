//! `Latch`: an event that happens once, for current and later waiters.

use super::*;
use exercises::locks::Latch;

const CLOSED: &str = "that a second poll is mistaken for a wake-up. A future may be polled at any time: check the state in \
                      each poll.";

#[test]
fn waits_until_it_is_open() {
    grade_cases(async |case| {
        let (latch, waker) = (Latch::closed(), TestWaker::new());
        let mut wait = pin!(latch.wait());
        for _ in 0..case.size("polls", 1..=300) {
            let polled = waker.poll(wait.as_mut());
            check_pending(&polled, "The latch is closed.", CLOSED, SPURIOUS);
        }
        check_not_woken(&waker);
    });
}

#[test]
fn opening_wakes_every_waiter() {
    grade_cases(async |case| {
        let latch = Latch::closed();
        let count = case.size("waiters", 1..=300);
        let wakers: Vec<_> = (0..count).map(|_| TestWaker::new()).collect();
        let mut waits: Vec<_> = wakers.iter().map(|_| Box::pin(latch.wait())).collect();
        for (wait, waker) in waits.iter_mut().zip(&wakers) {
            let _ = waker.poll(wait.as_mut());
        }
        latch.open();
        for (wait, waker) in waits.iter_mut().zip(&wakers) {
            check_woken_once(waker, "When a latch has been opened");
            let polled = waker.poll(wait.as_mut());
            check(polled.is_ready(), || {
                Failure::new("The latch is open, so every waiter should be ready; one was pending.")
                    .usually("that opening it releases a single waiter.")
                    .read(LATCH)
            });
        }
    });
}

#[test]
fn an_open_latch_is_ready_at_once() {
    grade_cases(async |case| {
        let (latch, waker) = (Latch::closed(), TestWaker::new());
        for _ in 0..case.size("calls of `open`", 1..=3) {
            latch.open();
        }
        for nth in 1..=case.size("calls of `wait`", 1..=300) {
            let polled = waker.poll(pin!(latch.wait()).as_mut());
            check(polled.is_ready(), || {
                Failure::new(format!(
                    "The latch was opened before call {nth} of `wait`, which should be ready at its first poll; it was \
                     pending."
                ))
                .usually(
                    "that opening it wakes the current waiters and is not remembered; that opening it again closes it; or \
                     that a call that passes closes it again.",
                )
                .read(LATCH)
            });
        }
    });
}

#[test]
fn a_future_that_is_ready_stores_no_waker() {
    for polls_before in [0, 1] {
        grade(async || {
            let (latch, waker) = (Latch::closed(), TestWaker::new());
            let mut wait = pin!(latch.wait());
            for _ in 0..polls_before {
                let _ = waker.poll(wait.as_mut());
            }
            latch.open();
            let _ = waker.poll(wait.as_mut());
            let left = waker.live_wakers();
            check(left == 0, || {
                Failure::new(format!(
                    "A future has been polled {} before the latch is opened, and once after it. It is ready, so its waker should not be \
                     stored any more; it is.",
                    match polls_before {
                        0 => "not even once".to_owned(),
                        polls => times(polls),
                    }
                ))
                .usually("that each poll stores its waker before it checks whether the latch is open.")
                .read(LATCH)
            });
        });
    }
}

#[test]
fn opening_twice_has_no_effect() {
    grade(async || {
        let (latch, waker) = (Latch::closed(), TestWaker::new());
        let mut wait = pin!(latch.wait());
        let _ = waker.poll(wait.as_mut());
        latch.open();
        latch.open();
        let (polled, wakes) = (waker.poll(wait.as_mut()), waker.wake_count());
        check((polled.is_ready(), wakes) == (true, 1), || {
            let report = Failure::new(format!(
                "The latch was opened twice. Its waiter should have been woken once and be ready; it was woken {}, and is {}.",
                times(wakes),
                if polled.is_ready() {
                    "ready"
                } else {
                    "pending"
                }
            ));
            if polled.is_pending() {
                report.usually("that the second `open` closes it.")
            } else if wakes > 1 {
                report.usually(
                    "that the second `open` finds wakers that the first one should have taken out.",
                )
            } else {
                report.usually("that no waker is stored, or that the stored one is not called.")
            }
            .read(LATCH)
        });
    });
}

#[test]
fn wakes_the_latest_waker() {
    every_waker_sequence(|| {
        let latch = Arc::new(Latch::closed());
        let opening = Arc::clone(&latch);
        (async move { latch.wait().await }, move || opening.open())
    });
}

#[test]
fn a_dropped_waiter_leaves_no_waker() {
    grade(async || {
        let (latch, waker) = (Latch::closed(), TestWaker::new());
        let mut wait = Box::pin(latch.wait());
        let _ = waker.poll(wait.as_mut());
        drop(wait);
        check_no_waker_is_left(&waker);
    });
}

#[test]
fn other_waiters_keep_their_wakers() {
    grade_cases(async |case| {
        let latch = Latch::closed();
        let open = || latch.open();
        check_others_keep_their_wakers(
            &case,
            || Box::pin(latch.wait()),
            open,
            "the latch is opened",
        );
    });
}

#[test]
#[cfg(feature = "loom")]
fn a_dropped_waiter_leaves_no_waker_in_any_interleaving() {
    every_interleaving(|| {
        check_no_waker_is_left_by_two_threads(Latch::closed, |latch| Box::pin(latch.wait()));
    });
}

#[test]
#[cfg(feature = "loom")]
fn wakes_without_holding_the_lock() {
    reentrant_wakers(|| {
        let latch = Arc::new(Latch::closed());
        let opening = Arc::clone(&latch);
        (async move { latch.wait().await }, move || opening.open())
    });
}

#[test]
#[cfg(feature = "loom")]
fn a_woken_task_finds_it_open() {
    every_interleaving(|| {
        let latch = Arc::new(Latch::closed());
        let waker = {
            let latch = Arc::clone(&latch);
            waker_fn(move || {
                let polled = TestWaker::new().poll(pin!(latch.wait()).as_mut());
                check(polled.is_ready(), || {
                    Failure::new(
                        "A task that is woken by `open` waits for the latch again, at once. It should be ready at its first poll; \
                         it was pending.",
                    )
                    .usually("that the waiters are woken before the latch is open.")
                    .read(BUILD)
                });
            })
        };
        let mut wait = pin!(latch.wait());
        let _ = wait.as_mut().poll(&mut Context::from_waker(&waker));
        latch.open();
    });
}

#[test]
#[cfg(feature = "loom")]
fn no_wake_up_is_lost() {
    every_interleaving(|| {
        let latch = Arc::new(explorable(Latch::closed));
        let opening = {
            let latch = Arc::clone(&latch);
            thread::spawn(move || latch.open())
        };
        wait_for(latch.wait());
        opening.join().expect("the opening thread panicked");
    });
}

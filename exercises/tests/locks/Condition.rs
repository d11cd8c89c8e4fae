//! `Condition`: a waiter goes on as soon as it can take what it needs.

use super::*;
use exercises::locks::Condition;

/// Subtracts `wanted` from the value once it is at least that high.
fn taking(wanted: u32) -> impl FnMut(&mut u32) -> Option<u32> {
    move |value| {
        (*value >= wanted).then(|| {
            *value -= wanted;
            wanted
        })
    }
}

#[test]
fn change_returns_the_result_of_its_closure() {
    grade(async || {
        let condition = Condition::new(4);
        let result = condition.change(|value| std::mem::replace(value, 7));
        let after = condition.change(|value| *value);
        check((result, after) == (4, 7), || {
            Failure::new(format!(
                "A change replaces 4 with 7: `change` should return 4, and the value should be 7; it returned {result}, and the \
                 value is {after}."
            ))
            .usually("that a copy of the value was changed.")
            .read(CONDITION)
        });
    });
}

#[test]
fn takes_at_once_what_is_there() {
    grade(async || {
        let (condition, waker) = (Condition::new(5), TestWaker::new());
        let taken = waker.poll(pin!(condition.wait_until(taking(2))).as_mut());
        let left = condition.change(|value| *value);
        check((taken, left) == (Poll::Ready(2), 3), || {
            Failure::new(format!(
                "The value is 5, and a call takes 2: it should be ready at its first poll and leave 3; it was {taken:?}, and the \
                 value is {left}."
            ))
            .usually("that it waits for a change before its first check, or takes twice.")
            .read(CONDITION)
        });
    });
}

#[test]
fn waits_until_take_returns_some() {
    grade(async || {
        let (condition, waker) = (Condition::new(0), TestWaker::new());
        let mut wait = pin!(condition.wait_until(taking(2)));
        let _ = waker.poll(wait.as_mut());
        check_not_woken(&waker);
        for (value, ready) in [(1, false), (2, true)] {
            condition.change(|value| *value += 1);
            let wakes = waker.wake_count();
            check(wakes == value, || {
                Failure::new(format!(
                    "After {value} changes a waiter should have been woken {}; it was woken {}.",
                    times(value),
                    times(wakes)
                ))
                .usually(
                    "that a change wakes no waiter, or that the waker is not stored again after an unsuccessful check.",
                )
                .read(CONDITION)
            });
            let polled = waker.poll(wait.as_mut());
            check(polled.is_ready() == ready, || {
                Failure::new(format!(
                    "A call wants to take 2, and the value is {value}: it should be {}; it was {polled:?}.",
                    if ready { "ready" } else { "pending" }
                ))
                .usually("that a wake-up is mistaken for the condition. Each poll has to check the value again.")
                .read(CONDITION)
            });
        }
    });
}

#[test]
fn a_change_wakes_every_waiter() {
    grade(async || {
        let condition = Condition::new(0);
        let wakers: Vec<_> = (0..300).map(|_| TestWaker::new()).collect();
        let waits = (1..=300).map(|wanted| Box::pin(condition.wait_until(taking(wanted))));
        let mut waits: Vec<_> = waits.collect();
        for (wait, waker) in waits.iter_mut().zip(&wakers) {
            let _ = waker.poll(wait.as_mut());
        }
        condition.change(|value| *value += 1);
        for waker in &wakers {
            check_woken_once(
                waker,
                "When 300 futures wait for different values and the value has changed",
            );
        }
    });
}

#[test]
fn taking_wakes_the_other_waiters() {
    grade(async || {
        let (condition, taker, other) = (Condition::new(0), TestWaker::new(), TestWaker::new());
        let mut take_one = pin!(condition.wait_until(taking(1)));
        let _ = taker.poll(take_one.as_mut());
        condition.change(|value| *value = 1);
        let mut until_zero =
            pin!(condition.wait_until(|value: &mut u32| (*value == 0).then_some(7)));
        let _ = other.poll(until_zero.as_mut());
        let _ = taker.poll(take_one.as_mut());
        let wakes = other.wake_count();
        check(wakes == 1, || {
            Failure::new(format!(
                "One call waits until the value is 0, and another one takes the last 1. The first should be woken once; it was \
                 woken {}.",
                times(wakes)
            ))
            .usually("that only `change` wakes. A successful `take` changes the value too.")
            .read(CONDITION)
        });
    });
}

#[test]
fn taking_at_the_first_poll_wakes_the_other_waiters() {
    grade(async || {
        let (condition, taker, other) = (Condition::new(1), TestWaker::new(), TestWaker::new());
        let mut until_zero =
            pin!(condition.wait_until(|value: &mut u32| (*value == 0).then_some(7)));
        let _ = other.poll(until_zero.as_mut());
        let _ = taker.poll(pin!(condition.wait_until(taking(1))).as_mut());
        let wakes = other.wake_count();
        check(wakes == 1, || {
            Failure::new(format!(
                "One call waits until the value is 0. Another one finds 1, and takes it at its first poll. The first should be \
                 woken once; it was woken {}.",
                times(wakes)
            ))
            .usually("that a shortcut returns what is there, and ignores that this changes the value.")
            .read(CONDITION)
        });
    });
}

#[test]
fn a_failed_take_wakes_no_waiter() {
    grade(async || {
        let (condition, wakers) = (Condition::new(0), [TestWaker::new(), TestWaker::new()]);
        let mut waits = [1, 2].map(|wanted| Box::pin(condition.wait_until(taking(wanted))));
        for _ in 0..3 {
            for (wait, waker) in waits.iter_mut().zip(&wakers) {
                let _ = waker.poll(wait.as_mut());
            }
        }
        let wakes: usize = wakers.iter().map(TestWaker::wake_count).sum();
        check(wakes == 0, || {
            Failure::new(format!(
                "Two futures wait, and are polled three times each for another reason. Nothing has changed, so neither should be \
                 woken; together they were woken {}.",
                times(wakes)
            ))
            .usually(
                "that a waiter whose check fails wakes the others. Their checks fail as well and wake it: a busy loop of two.",
            )
            .read(BUSY)
        });
    });
}

#[test]
fn waiters_are_not_served_in_order() {
    grade(async || {
        let (condition, waker) = (Condition::new(0), TestWaker::new());
        let mut waits = [5, 4, 1].map(|wanted| Box::pin(condition.wait_until(taking(wanted))));
        for wait in &mut waits {
            let _ = waker.poll(wait.as_mut());
        }
        condition.change(|value| *value += 1);
        let polled: Vec<_> = waits
            .iter_mut()
            .map(|wait| waker.poll(wait.as_mut()))
            .collect();
        let expected = [Poll::Pending, Poll::Pending, Poll::Ready(1)];
        check(polled == expected, || {
            Failure::new(format!(
                "Three calls wait to take 5, 4 and 1, in this order, and the value becomes 1. The last of them should be ready; \
                 they were {polled:?}."
            ))
            .usually("that the first to wait is served first. Each waits for its own condition.")
            .read(CONDITION)
        });
    });
}

#[test]
fn wakes_the_latest_waker() {
    every_waker_sequence(|| {
        let condition = Arc::new(Condition::new(0));
        let changing = Arc::clone(&condition);
        let wait = async move { condition.wait_until(taking(1)).await };
        (wait, move || changing.change(|value| *value += 1))
    });
}

#[test]
fn a_dropped_waiter_leaves_no_waker() {
    grade(async || {
        let (condition, waker) = (Condition::new(0), TestWaker::new());
        let mut wait = Box::pin(condition.wait_until(taking(1)));
        let _ = waker.poll(wait.as_mut());
        drop(wait);
        check_no_waker_is_left(&waker);
    });
}

#[test]
#[cfg(feature = "loom")]
fn wakes_without_holding_the_lock() {
    every_interleaving(|| {
        let condition = Arc::new(Condition::new(0));
        let waker = {
            let condition = Arc::clone(&condition);
            waker_fn(move || condition.change(|value| *value += 1))
        };
        for by_taking in [false, true] {
            let mut wait = pin!(condition.wait_until(taking(100)));
            let _ = wait.as_mut().poll(&mut Context::from_waker(&waker));
            if by_taking {
                let _ = TestWaker::new().poll(pin!(condition.wait_until(taking(1))).as_mut());
            } else {
                condition.change(|value| *value += 1);
            }
        }
    });
}

#[test]
#[cfg(feature = "loom")]
fn a_woken_waiter_may_go_on_or_leave_at_once() {
    reentrant_wakers(|| {
        let condition = Arc::new(Condition::new(0));
        let changing = Arc::clone(&condition);
        let wait = async move { condition.wait_until(taking(1)).await };
        (wait, move || changing.change(|value| *value += 1))
    });
}

#[test]
#[cfg(feature = "loom")]
fn no_wake_up_is_lost() {
    every_interleaving(|| {
        let condition = Arc::new(explorable(|| Condition::new(0)));
        let changing = {
            let condition = Arc::clone(&condition);
            thread::spawn(move || {
                condition.change(|value| *value += 1);
                condition.change(|value| *value += 1);
            })
        };
        wait_for(condition.wait_until(taking(2)));
        changing.join().expect("the changing thread panicked");
    });
}

#[test]
#[cfg(feature = "loom")]
fn nothing_is_taken_twice() {
    every_interleaving(|| {
        let condition = Arc::new(Condition::new(1));
        let other = {
            let condition = Arc::clone(&condition);
            thread::spawn(move || {
                wait_for(condition.wait_until(taking(1)));
                condition.change(|value| *value += 1);
            })
        };
        wait_for(condition.wait_until(taking(1)));
        condition.change(|value| *value += 1);
        other.join().expect("the taking thread panicked");
        let left = condition.change(|value| *value);
        check(left == 1, || {
            Failure::new(format!(
                "The value is 1. Two threads take 1 and add it again, so it should be 1 afterwards; it is {left}."
            ))
            .usually("that the value is checked under one lock and changed under another.")
            .read(BUILD)
        });
    });
}

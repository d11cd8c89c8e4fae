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
    grade_cases(async |case| {
        let (before, new) = (case.text("before"), case.text("new"));
        let condition = Condition::new(before.clone());
        let result = condition.change(|value| std::mem::replace(value, new.clone()));
        let after = condition.change(|value| value.clone());
        check((&result, &after) == (&before, &new), || {
            Failure::new(format!(
                "A change replaces {before:?} with {new:?}: `change` should return {before:?}, and the value should be {new:?}; it \
                 returned {result:?}, and the value is {after:?}."
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
            .usually(match (taken, left) {
                (Poll::Pending, 5) => "that it waits for a change before its first check.",
                _ => "that the value is checked and changed in two steps, each with a call of `take`.",
            })
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
    grade_cases(async |case| {
        let count = case.size("waiters", 1..=300);
        let condition = Condition::new(0);
        let wakers: Vec<_> = (0..count).map(|_| TestWaker::new()).collect();
        let waits = (1..).map(|wanted| Box::pin(condition.wait_until(taking(wanted))));
        let mut waits: Vec<_> = waits.take(count).collect();
        for (wait, waker) in waits.iter_mut().zip(&wakers) {
            let _ = waker.poll(wait.as_mut());
        }
        condition.change(|value| *value += 1);
        for waker in &wakers {
            check_woken_once(
                waker,
                "When the value has changed for which futures wait, each for another one",
            );
        }
    });
}

/// Fails unless a call that takes the last 1 was ready, although others wait for something else.
fn check_has_taken(taken: Poll<u32>) {
    check(taken == Poll::Ready(1), || {
        Failure::new(format!(
            "The value is 1, others wait until it is 0, and a call that takes 1 is polled. It should be ready; it was {taken:?}."
        ))
        .usually("that the first to wait is served first. Each waits for its own condition.")
        .read(CONDITION)
    });
}

/// Fails unless each of the `others`, which wait until the value is 0, was woken once by a call that took the last 1.
fn check_others_woken(others: &[TestWaker], takes: &str, none: &str) {
    let count = others.len();
    let once = others
        .iter()
        .filter(|waker| waker.wake_count() == 1)
        .count();
    check(once == count, || {
        let report = Failure::new(format!(
            "{} until the value is 0, and a call takes the last 1{takes}. Each of the others should be woken once; {}.",
            match count {
                1 => "Another future waits".to_owned(),
                count => format!("{count} other futures wait"),
            },
            were(once)
        ));
        if once == 0 {
            report.usually(none)
        } else {
            report.usually(
                "that a `take` wakes one of the other waiters. They wait for different conditions, so it has to wake all.",
            )
        }
        .read(CONDITION)
    });
}

#[test]
fn taking_wakes_the_other_waiters() {
    grade_cases(async |case| {
        let (condition, taker) = (Condition::new(0), TestWaker::new());
        let count = case.size("other waiters", 1..=40);
        let mut take_one = pin!(condition.wait_until(taking(1)));
        let _ = taker.poll(take_one.as_mut());
        condition.change(|value| *value = 1);
        let until_zero = |value: &mut u32| (*value == 0).then_some(7);
        let mut others: Vec<_> = (0..count)
            .map(|_| (TestWaker::new(), Box::pin(condition.wait_until(until_zero))))
            .collect();
        for (waker, wait) in &mut others {
            let _ = waker.poll(wait.as_mut());
        }
        check_has_taken(taker.poll(take_one.as_mut()));
        let (wakers, _waits): (Vec<_>, Vec<_>) = others.into_iter().unzip();
        let none = "that only `change` wakes. A successful `take` changes the value too.";
        check_others_woken(&wakers, "", none);
    });
}

#[test]
fn taking_at_the_first_poll_wakes_the_other_waiters() {
    grade_cases(async |case| {
        let (condition, taker) = (Condition::new(1), TestWaker::new());
        let count = case.size("other waiters", 1..=40);
        let until_zero = |value: &mut u32| (*value == 0).then_some(7);
        let mut others: Vec<_> = (0..count)
            .map(|_| (TestWaker::new(), Box::pin(condition.wait_until(until_zero))))
            .collect();
        for (waker, wait) in &mut others {
            let _ = waker.poll(wait.as_mut());
        }
        check_has_taken(taker.poll(pin!(condition.wait_until(taking(1))).as_mut()));
        let (wakers, _waits): (Vec<_>, Vec<_>) = others.into_iter().unzip();
        let none =
            "that a shortcut returns what is there, and ignores that this changes the value.";
        check_others_woken(&wakers, ", which it finds at its first poll", none);
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
    grade_cases(async |case| {
        let (condition, waker) = (Condition::new(0), TestWaker::new());
        let count = case.size("waiters", 1..=40);
        let wanted = case.numbers("wanted", count, 40);
        let wanted: Vec<_> = wanted.into_iter().map(|wanted| wanted as u32 + 1).collect();
        let waits = wanted
            .iter()
            .map(|wanted| condition.wait_until(taking(*wanted)));
        let mut waits: Vec<_> = waits.map(Box::pin).collect();
        for wait in &mut waits {
            let _ = waker.poll(wait.as_mut());
        }
        let there = case.number("value", 100) as u32;
        condition.change(|value| *value = there);
        let polled: Vec<_> = waits
            .iter_mut()
            .map(|wait| waker.poll(wait.as_mut()))
            .collect();
        let mut left = there;
        let mut expected = Vec::new();
        for wanted in &wanted {
            let is_there = *wanted <= left;
            left -= if is_there { *wanted } else { 0 };
            expected.push(if is_there {
                Poll::Ready(*wanted)
            } else {
                Poll::Pending
            });
        }
        check(polled == expected, || {
            Failure::new(format!(
                "Calls wait to take {wanted:?}, in this order, and the value becomes {there}. When they are polled in this order, \
                 they should be {expected:?}; they were {polled:?}."
            ))
            .usually("that the first to wait is served first. Each waits for its own condition.")
            .read(CONDITION)
        });
    });
}

#[test]
fn take_is_called_once_in_each_poll() {
    grade_cases(async |case| {
        let unsuccessful = case.size("unsuccessful polls", 0..=40);
        let (condition, waker, calls) = (Condition::new(0), TestWaker::new(), Cell::new(0));
        let mut wait = pin!(condition.wait_until(|value: &mut usize| {
            calls.set(calls.get() + 1);
            (*value > 0).then_some(())
        }));
        for polls in 1..=unsuccessful + 1 {
            condition.change(|value| *value = usize::from(polls > unsuccessful));
            let _ = waker.poll(wait.as_mut());
            let calls = calls.get();
            check(calls == polls, || {
                Failure::new(format!(
                    "`take` should be called once in each poll. The future was polled {}, and `take` {}.",
                    times(polls),
                    counted("called", calls)
                ))
                .usually(
                    "that a poll checks before and after it stores its waker, checks with one call and takes with another, or that the first \
                     poll tries once before it begins to wait. Under one lock nothing can change in between.",
                )
                .read(BUILD)
            });
        }
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
fn other_waiters_keep_their_wakers() {
    grade_cases(async |case| {
        let condition = Condition::new(0);
        let change = || condition.change(|value| *value += 1);
        check_others_keep_their_wakers(
            &case,
            || {
                let wait = condition.wait_until(taking(100));
                Box::pin(async {
                    wait.await;
                })
            },
            change,
            "the value changes",
        );
    });
}

/// Futures have been woken by a change and are not polled again, others begin to wait, and then some of the first are dropped.
#[test]
fn a_woken_waiter_that_is_dropped_takes_no_waker_along() {
    grade_cases(async |case| {
        let condition = Condition::new(0);
        let begin = |count: usize| -> Vec<_> {
            let waits = (0..count).map(|_| {
                (
                    TestWaker::new(),
                    Box::pin(condition.wait_until(taking(100))),
                )
            });
            let mut waits: Vec<_> = waits.collect();
            for (waker, wait) in &mut waits {
                let _ = waker.poll(wait.as_mut());
            }
            waits
        };
        let mut woken = begin(case.size("woken futures", 1..=8));
        condition.change(|value| *value += 1);
        let later = begin(case.size("later futures", 1..=8));
        let order = case.permutation("order of the drops", woken.len());
        let dropped = case.size("dropped", 0..=woken.len());
        let mut woken: Vec<_> = woken.drain(..).map(Some).collect();
        for index in &order[..dropped] {
            woken[*index] = None;
        }
        condition.change(|value| *value += 1);
        let once = later.iter().filter(|(waker, _)| waker.wake_count() == 1);
        let (once, count) = (once.count(), later.len());
        check(once == count, || {
            Failure::new(format!(
                "A change has woken {}. Before a further poll {} to wait, and of the first, {} dropped. The next change \
                 should wake each of the later ones once; {}.",
                plural(woken.len(), "future"),
                match count {
                    1 => "another begins".to_owned(),
                    count => format!("{count} others begin"),
                },
                were(dropped),
                were(once)
            ))
            .usually_if((dropped > 0).then_some(
                "that ids are used again when the wakers are taken out, so that a future which is dropped removes the waker of another \
                 one.",
            ))
            .read(CANCELLED)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn a_dropped_waiter_leaves_no_waker_in_any_interleaving() {
    every_interleaving(|| {
        check_no_waker_is_left_by_two_threads(
            || Condition::new(0),
            |condition| {
                let wait = condition.wait_until(taking(1));
                Box::pin(async {
                    wait.await;
                })
            },
        );
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

//! `Condition`: nobody waits for what is so, and nobody takes what is not.

use super::*;
use exercises::locks::Condition;

/// Takes `wanted` out of a number, as soon as it is that high.
fn taking(wanted: u32) -> impl FnMut(&mut u32) -> Option<u32> {
    move |there| {
        (*there >= wanted).then(|| {
            *there -= wanted;
            wanted
        })
    }
}

#[test]
fn changing_gives_what_the_change_gives() {
    grade(async || {
        let condition = Condition::new(4);
        let given = condition.change(|there| std::mem::replace(there, 7));
        let after = condition.change(|there| *there);
        check((given, after) == (4, 7), || {
            Failure::new(format!(
                "4 is replaced with 7: `change` should give 4, and then 7 should be there; it gave {given}, and {after} is there."
            ))
            .usually("that a copy was changed.")
            .read(CONDITION)
        });
    });
}

#[test]
fn what_is_so_already_is_taken_at_once() {
    grade(async || {
        let (condition, bell) = (Condition::new(5), TestWaker::new());
        let taken = bell.poll(pin!(condition.wait_until(taking(2))).as_mut());
        let left = condition.change(|there| *there);
        check((taken, left) == (Poll::Ready(2), 3), || {
            Failure::new(format!(
                "2 are wanted and 5 are there: it should be ready at once, and 3 should be left; it was {taken:?}, and {left} are \
                 left."
            ))
            .usually("that it waits for a change before it looks, or looks twice.")
            .read(CONDITION)
        });
    });
}

#[test]
fn waits_until_it_is_so() {
    grade(async || {
        let (condition, bell) = (Condition::new(0), TestWaker::new());
        let mut wait = pin!(condition.wait_until(taking(2)));
        let _ = bell.poll(wait.as_mut());
        check_quiet(&bell);
        for (there, ready) in [(1, false), (2, true)] {
            condition.change(|there| *there += 1);
            let rings = bell.wake_count();
            check(rings == there, || {
                Failure::new(format!(
                    "After {there} changes one who waits should have been woken {}; it was woken {}.",
                    times(there),
                    times(rings)
                ))
                .usually("that a change wakes nobody, or that the waker is not left again when it is still not so.")
                .read(CONDITION)
            });
            let polled = bell.poll(wait.as_mut());
            check(polled.is_ready() == ready, || {
                Failure::new(format!(
                    "2 are wanted and {there} are there: it should be {}; it was {polled:?}.",
                    if ready { "ready" } else { "pending" }
                ))
                .usually("that being woken is taken for being so. It has to look again, each time.")
                .read(CONDITION)
            });
        }
    });
}

#[test]
fn a_change_wakes_all() {
    grade(async || {
        let (condition, bells) = (
            Condition::new(0),
            [TestWaker::new(), TestWaker::new(), TestWaker::new()],
        );
        let mut waits = [5, 4, 1].map(|wanted| Box::pin(condition.wait_until(taking(wanted))));
        for (wait, bell) in waits.iter_mut().zip(&bells) {
            let _ = bell.poll(wait.as_mut());
        }
        condition.change(|there| *there += 1);
        for bell in &bells {
            check_rung_once(
                bell,
                "Three wait for different things. When something has changed",
            );
        }
    });
}

#[test]
fn who_takes_wakes_the_others() {
    grade(async || {
        let (condition, takes, waits) = (Condition::new(0), TestWaker::new(), TestWaker::new());
        // There is room for one: this one waits for something, and the other until there is room again.
        let mut taker = pin!(condition.wait_until(taking(1)));
        let _ = takes.poll(taker.as_mut());
        condition.change(|there| *there = 1);
        let mut room = pin!(condition.wait_until(|there: &mut u32| (*there == 0).then_some(7)));
        let _ = waits.poll(room.as_mut());
        let _ = takes.poll(taker.as_mut());
        let rings = waits.wake_count();
        check(rings == 1, || {
            Failure::new(format!(
                "One waits until nothing is left, and another one takes the last. The first should be woken once; it was woken {}.",
                times(rings)
            ))
            .usually("that only `change` wakes. Who takes changes the value, too.")
            .read(CONDITION)
        });
    });
}

#[test]
fn who_takes_without_waiting_wakes_the_others() {
    grade(async || {
        let (condition, takes, waits) = (Condition::new(1), TestWaker::new(), TestWaker::new());
        let mut room = pin!(condition.wait_until(|there: &mut u32| (*there == 0).then_some(7)));
        let _ = waits.poll(room.as_mut());
        let _ = takes.poll(pin!(condition.wait_until(taking(1))).as_mut());
        let rings = waits.wake_count();
        check(rings == 1, || {
            Failure::new(format!(
                "One waits until nothing is left. Another one comes, finds 1, and takes it at its first poll. The first should be \
                 woken once; it was woken {}.",
                times(rings)
            ))
            .usually("that a shortcut returns what is there already, and forgets that this changes the value, too.")
            .read(CONDITION)
        });
    });
}

#[test]
fn who_finds_nothing_wakes_nobody() {
    grade(async || {
        let (condition, bells) = (Condition::new(0), [TestWaker::new(), TestWaker::new()]);
        let mut waits = [1, 2].map(|wanted| Box::pin(condition.wait_until(taking(wanted))));
        for _ in 0..3 {
            for (wait, bell) in waits.iter_mut().zip(&bells) {
                let _ = bell.poll(wait.as_mut());
            }
        }
        let rings: usize = bells.iter().map(TestWaker::wake_count).sum();
        check(rings == 0, || {
            Failure::new(format!(
                "Two wait, and are polled three times each for another reason. Nothing has changed, so nobody should be woken; \
                 they were woken {}.",
                times(rings)
            ))
            .usually(
                "that whoever looks and finds nothing wakes the others. They look, find nothing, and wake it: a busy loop of two.",
            )
            .read(BUSY)
        });
    });
}

#[test]
fn whoever_finds_theirs_takes_it() {
    grade(async || {
        let (condition, bell) = (Condition::new(0), TestWaker::new());
        let mut waits = [5, 4, 1].map(|wanted| Box::pin(condition.wait_until(taking(wanted))));
        for wait in &mut waits {
            let _ = bell.poll(wait.as_mut());
        }
        condition.change(|there| *there += 1);
        let polled: Vec<_> = waits
            .iter_mut()
            .map(|wait| bell.poll(wait.as_mut()))
            .collect();
        let expected = [Poll::Pending, Poll::Pending, Poll::Ready(1)];
        check(polled == expected, || {
            Failure::new(format!(
                "Three wait for 5, 4 and 1, in this order, and 1 is there. The one who wants 1 should be ready; they were {polled:?}."
            ))
            .usually(
                "that who came first is served first. Each waits for something of their own: whoever finds it takes it.",
            )
            .read(CONDITION)
        });
    });
}

#[test]
fn rings_the_latest_waker() {
    grade(async || {
        let condition = Condition::new(0);
        let (before, latest) = (TestWaker::new(), TestWaker::new());
        let mut wait = pin!(condition.wait_until(taking(1)));
        let _ = before.poll(wait.as_mut());
        let _ = latest.poll(wait.as_mut());
        condition.change(|there| *there += 1);
        check_latest_was_rung(&before, &latest);
    });
}

#[test]
fn keeps_no_waker_of_one_who_has_left() {
    grade(async || {
        let (condition, bell) = (Condition::new(0), TestWaker::new());
        let mut wait = Box::pin(condition.wait_until(taking(1)));
        let _ = bell.poll(wait.as_mut());
        drop(wait);
        check_nothing_kept(&bell);
    });
}

/// Changes something as soon as it is woken, on the thread that wakes it.
#[cfg(feature = "loom")]
struct Impatient {
    condition: Arc<Condition<u32>>,
}

#[cfg(feature = "loom")]
impl std::task::Wake for Impatient {
    fn wake(self: Arc<Self>) {
        self.condition.change(|there| *there += 1);
    }
}

#[test]
#[cfg(feature = "loom")]
fn wakes_when_its_lock_is_free() {
    every_interleaving(|| {
        let condition = Arc::new(Condition::new(0));
        let impatient = Arc::new(Impatient {
            condition: Arc::clone(&condition),
        });
        let waker = impatient.into();
        for by_taking in [false, true] {
            let mut wait = pin!(condition.wait_until(taking(100)));
            let _ = wait.as_mut().poll(&mut Context::from_waker(&waker));
            if by_taking {
                let _ = TestWaker::new().poll(pin!(condition.wait_until(taking(1))).as_mut());
            } else {
                condition.change(|there| *there += 1);
            }
        }
    });
}

#[test]
#[cfg(feature = "loom")]
fn nobody_waits_for_what_is_there() {
    every_interleaving(|| {
        let condition = Arc::new(explorable(|| Condition::new(0)));
        let giving = {
            let condition = Arc::clone(&condition);
            thread::spawn(move || {
                condition.change(|there| *there += 1);
                condition.change(|there| *there += 1);
            })
        };
        wait_for(condition.wait_until(taking(2)));
        giving.join().expect("giving does not panic");
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
                condition.change(|there| *there += 1);
            })
        };
        wait_for(condition.wait_until(taking(1)));
        condition.change(|there| *there += 1);
        other.join().expect("taking does not panic");
        let left = condition.change(|there| *there);
        check(left == 1, || {
            Failure::new(format!(
                "Two threads take 1 and give it back; 1 should be left, and {left} is."
            ))
            .usually("that the value is looked at under one lock and changed under another.")
            .read(BY_HAND)
        });
    });
}

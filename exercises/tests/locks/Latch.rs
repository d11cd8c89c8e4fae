//! `Latch`: opened once, for all who wait and all who come later.

use super::*;
use exercises::locks::Latch;

const CLOSED: &str = "that being polled again is taken for having been woken. Anybody may poll at any time: look whether it is \
                      open.";

#[test]
fn waits_until_it_is_open() {
    grade(async || {
        let (latch, bell) = (Latch::closed(), TestWaker::new());
        let mut wait = pin!(latch.wait());
        for _ in 0..3 {
            let polled = bell.poll(wait.as_mut());
            check_waits(&polled, "The latch is closed.", CLOSED, SPURIOUS);
        }
        check_quiet(&bell);
    });
}

#[test]
fn opens_for_all_who_wait() {
    grade(async || {
        let (latch, bells) = (
            Latch::closed(),
            [TestWaker::new(), TestWaker::new(), TestWaker::new()],
        );
        let mut waits = [(); 3].map(|()| Box::pin(latch.wait()));
        for (wait, bell) in waits.iter_mut().zip(&bells) {
            let _ = bell.poll(wait.as_mut());
        }
        latch.open();
        for (wait, bell) in waits.iter_mut().zip(&bells) {
            check_rung_once(
                bell,
                "Three wait, and the latch is opened. When that has happened",
            );
            let polled = bell.poll(wait.as_mut());
            check(polled.is_ready(), || {
                Failure::new(
                    "The latch is open, so whoever waits should be ready; one was pending.",
                )
                .usually("that opening lets a single one through.")
                .read(LATCH)
            });
        }
    });
}

#[test]
fn who_comes_later_does_not_wait() {
    grade(async || {
        let (latch, bell) = (Latch::closed(), TestWaker::new());
        latch.open();
        for nth in ["first", "second"] {
            let polled = bell.poll(pin!(latch.wait()).as_mut());
            check(polled.is_ready(), || {
                Failure::new(format!(
                    "The latch was opened before anybody came. The {nth} one to come should not wait; it was pending."
                ))
                .usually(
                    "that opening it wakes those who wait, and is not remembered: a bell in place of a door. Or the one \
                     who walks through closes it.",
                )
                .read(LATCH)
            });
        }
    });
}

#[test]
fn opened_twice_it_is_open() {
    grade(async || {
        let (latch, bell) = (Latch::closed(), TestWaker::new());
        let mut wait = pin!(latch.wait());
        let _ = bell.poll(wait.as_mut());
        latch.open();
        latch.open();
        let (polled, rings) = (bell.poll(wait.as_mut()), bell.wake_count());
        check((polled.is_ready(), rings) == (true, 1), || {
            Failure::new(format!(
                "The latch was opened twice. Whoever waits should have been woken once and be ready; it was woken {}, and is {}.",
                times(rings),
                if polled.is_ready() { "ready" } else { "pending" }
            ))
            .usually("that the second `open` closes it, or finds wakers that the first one should have taken out.")
            .read(LATCH)
        });
    });
}

#[test]
fn rings_the_latest_waker() {
    grade(async || {
        let latch = Latch::closed();
        let (before, latest) = (TestWaker::new(), TestWaker::new());
        let mut wait = pin!(latch.wait());
        let _ = before.poll(wait.as_mut());
        let _ = latest.poll(wait.as_mut());
        latch.open();
        check_latest_was_rung(&before, &latest);
    });
}

#[test]
fn keeps_no_waker_of_one_who_has_left() {
    grade(async || {
        let (latch, bell) = (Latch::closed(), TestWaker::new());
        let mut wait = Box::pin(latch.wait());
        let _ = bell.poll(wait.as_mut());
        drop(wait);
        check_nothing_kept(&bell);
    });
}

#[test]
fn two_may_wait_in_one_task() {
    grade(async || {
        let (latch, bell) = (Latch::closed(), TestWaker::new());
        let mut leaves = Box::pin(latch.wait());
        let mut stays = pin!(latch.wait());
        let _ = bell.poll(leaves.as_mut());
        let _ = bell.poll(stays.as_mut());
        drop(leaves);
        latch.open();
        let rings = bell.wake_count();
        check(rings > 0, || {
            Failure::new("Two of one task wait, with the same waker, and one of them is dropped. The other should be woken; it was not.")
                .usually("that wakers are told apart by `will_wake`. Two who wait may have the same one: give each a number.")
                .read(WAKER)
        });
    });
}

/// Looks again as soon as it is woken, on the thread that wakes it.
#[cfg(feature = "loom")]
struct Impatient {
    latch: Arc<Latch>,
}

#[cfg(feature = "loom")]
impl std::task::Wake for Impatient {
    fn wake(self: Arc<Self>) {
        let _ = TestWaker::new().poll(pin!(self.latch.wait()).as_mut());
    }
}

#[test]
#[cfg(feature = "loom")]
fn wakes_when_its_lock_is_free() {
    every_interleaving(|| {
        let latch = Arc::new(Latch::closed());
        let impatient = Arc::new(Impatient {
            latch: Arc::clone(&latch),
        });
        let mut wait = pin!(latch.wait());
        let _ = wait
            .as_mut()
            .poll(&mut Context::from_waker(&impatient.into()));
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
        opening.join().expect("opening does not panic");
    });
}

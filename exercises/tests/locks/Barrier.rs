//! `Barrier`: nobody before the last, and then again.

use super::*;
use exercises::locks::Barrier;

fn check_came_last(polled: Poll<bool>, said: &str) {
    check(polled == Poll::Ready(true), || {
        Failure::new(format!(
            "{said} It should be ready with true; it was {}.",
            told(polled)
        ))
        .usually(
            "that the one who comes last is not told apart, or waits for somebody else; or that somebody whose round was over has \
             been taken off this one's count.",
        )
        .read(BARRIER)
    });
}

fn check_was_let_through(polled: Poll<bool>, said: &str) {
    check(polled == Poll::Ready(false), || {
        let miss = Failure::new(format!(
            "{said} It should be ready with false; it was {}.",
            told(polled)
        ));
        if polled.is_pending() {
            miss.usually(
                "that it looks at something which the next round has changed already: how many are there, or a flag. Who waits \
                 has to know in which round it came.",
            )
        } else {
            miss.usually("that more than one is told to be the last.")
        }
        .read(BARRIER)
    });
}

fn told(polled: Poll<bool>) -> String {
    match polled {
        Poll::Pending => "pending".to_owned(),
        Poll::Ready(last) => format!("ready with {last}"),
    }
}

const TOO_EARLY: &str = "that the line stays open, or that somebody is counted twice.";

#[test]
fn opens_when_all_are_there() {
    for n in 2..=4 {
        grade(async || {
            let barrier = Barrier::new(n);
            let bells: Vec<_> = (1..n).map(|_| TestWaker::new()).collect();
            let mut waits: Vec<_> = (1..n).map(|_| Box::pin(barrier.wait())).collect();
            for (wait, bell) in waits.iter_mut().zip(&bells) {
                let said = format!("Not all of {n} have come.");
                check_waits(&bell.poll(wait.as_mut()), &said, TOO_EARLY, BARRIER);
                check_quiet(bell);
            }
            let last = TestWaker::new().poll(pin!(barrier.wait()).as_mut());
            check_came_last(last, &format!("It is the last of {n} to come."));
            for (wait, bell) in waits.iter_mut().zip(&bells) {
                check_rung_once(bell, "When the last one has come");
                let said = format!("All {n} have come.");
                check_was_let_through(bell.poll(wait.as_mut()), &said);
            }
        });
    }
}

#[test]
fn alone_nobody_waits() {
    for n in [0, 1] {
        grade(async || {
            let barrier = Barrier::new(n);
            for _ in 0..2 {
                let polled = TestWaker::new().poll(pin!(barrier.wait()).as_mut());
                check_came_last(polled, &format!("The line is for {n}, and one has come."));
            }
        });
    }
}

#[test]
fn asked_again_it_is_counted_once() {
    grade(async || {
        let (barrier, bell) = (Barrier::new(3), TestWaker::new());
        let mut wait = pin!(barrier.wait());
        for _ in 0..4 {
            let said = "One of 3 has come, and was polled several times.";
            check_waits(
                &bell.poll(wait.as_mut()),
                said,
                "that each poll counts one more, or that being polled again is taken for having been woken.",
                SPURIOUS,
            );
        }
    });
}

#[test]
fn serves_again() {
    grade(async || {
        let (barrier, bell) = (Barrier::new(2), TestWaker::new());
        for round in ["first", "second", "third"] {
            let mut early = pin!(barrier.wait());
            let said = format!("In the {round} round one of 2 has come.");
            check_waits(&bell.poll(early.as_mut()), &said, TOO_EARLY, BARRIER);
            let last = bell.poll(pin!(barrier.wait()).as_mut());
            check_came_last(last, &format!("In the {round} round it is the last of 2."));
            let said = format!("In the {round} round both have come.");
            check_was_let_through(bell.poll(early.as_mut()), &said);
        }
    });
}

#[test]
fn who_is_slow_is_not_overtaken() {
    grade(async || {
        let (barrier, slow, quick) = (Barrier::new(2), TestWaker::new(), TestWaker::new());
        let mut slow_one = pin!(barrier.wait());
        let _ = slow.poll(slow_one.as_mut());
        let _ = quick.poll(pin!(barrier.wait()).as_mut());
        // The round is over; the slow one has been woken and not polled, and the quick one comes again.
        let mut next = pin!(barrier.wait());
        let said = "The first round is over, and one of 2 has come for the second.";
        check_waits(&quick.poll(next.as_mut()), said, TOO_EARLY, BARRIER);
        let said = "The first round is over for both, and one who came for it is polled when the second has begun.";
        check_was_let_through(slow.poll(slow_one.as_mut()), said);
        let said = "Both have come for the second round, and it is the last.";
        check_came_last(slow.poll(pin!(barrier.wait()).as_mut()), said);
        let said = "Both have come for the second round.";
        check_was_let_through(quick.poll(next.as_mut()), said);
    });
}

#[test]
fn two_rounds_are_not_none() {
    grade(async || {
        let (barrier, slow, quick) = (Barrier::new(2), TestWaker::new(), TestWaker::new());
        let mut slow_one = pin!(barrier.wait());
        let _ = slow.poll(slow_one.as_mut());
        let _ = quick.poll(pin!(barrier.wait()).as_mut());
        let mut second = pin!(barrier.wait());
        let _ = quick.poll(second.as_mut());
        let _ = quick.poll(pin!(barrier.wait()).as_mut());
        let polled = slow.poll(slow_one.as_mut());
        check(polled == Poll::Ready(false), || {
            Failure::new(format!(
                "Two rounds are over since one has come, and only now it is polled. It should be ready with false; it was {}.",
                told(polled)
            ))
            .usually(
                "that a round is told by a flag that flips, and after two rounds it is what it was. Count the rounds.",
            )
            .read(BARRIER)
        });
    });
}

#[test]
fn who_leaves_is_not_counted() {
    grade(async || {
        let (barrier, bell) = (Barrier::new(2), TestWaker::new());
        let mut leaves = Box::pin(barrier.wait());
        let _ = bell.poll(leaves.as_mut());
        drop(leaves);
        let mut stays = pin!(barrier.wait());
        let said = "One of 2 has come and was dropped; then another has come.";
        let usually = "that who is dropped while it waits is still counted: take it off, in the `drop` of a variable.";
        check_waits(&bell.poll(stays.as_mut()), said, usually, COUNTED);
        let last = bell.poll(pin!(barrier.wait()).as_mut());
        check_came_last(last, "Two are there, and it is the last.");
        check_was_let_through(bell.poll(stays.as_mut()), "Two are there.");
    });
}

#[test]
fn who_leaves_late_takes_nothing_along() {
    grade(async || {
        let (barrier, bell) = (Barrier::new(2), TestWaker::new());
        let mut leaves = Box::pin(barrier.wait());
        let _ = bell.poll(leaves.as_mut());
        let _ = bell.poll(pin!(barrier.wait()).as_mut());
        let mut next = pin!(barrier.wait());
        let _ = bell.poll(next.as_mut());
        // Its round is over, and it has not been polled again.
        drop(leaves);
        let last = bell.poll(pin!(barrier.wait()).as_mut());
        check(last == Poll::Ready(true), || {
            Failure::new(format!(
                "One was dropped after its round was over. Of the next round both have come, so the last one should be ready with \
                 true; it was {}.",
                told(last)
            ))
            .usually("that who is dropped is taken off the count of a round that is not its own.")
            .read(COUNTED)
        });
    });
}

#[test]
fn rings_the_latest_waker() {
    grade(async || {
        let barrier = Barrier::new(2);
        let (before, latest) = (TestWaker::new(), TestWaker::new());
        let mut wait = pin!(barrier.wait());
        let _ = before.poll(wait.as_mut());
        let _ = latest.poll(wait.as_mut());
        let _ = TestWaker::new().poll(pin!(barrier.wait()).as_mut());
        check_latest_was_rung(&before, &latest);
    });
}

#[test]
fn keeps_no_waker_of_one_who_has_left() {
    grade(async || {
        let (barrier, bell) = (Barrier::new(2), TestWaker::new());
        let mut wait = Box::pin(barrier.wait());
        let _ = bell.poll(wait.as_mut());
        drop(wait);
        check_nothing_kept(&bell);
    });
}

/// Comes again as soon as it is woken, on the thread that wakes it.
#[cfg(feature = "loom")]
struct Impatient {
    barrier: Arc<Barrier>,
}

#[cfg(feature = "loom")]
impl std::task::Wake for Impatient {
    fn wake(self: Arc<Self>) {
        let _ = TestWaker::new().poll(pin!(self.barrier.wait()).as_mut());
    }
}

#[test]
#[cfg(feature = "loom")]
fn wakes_when_its_lock_is_free() {
    every_interleaving(|| {
        let barrier = Arc::new(Barrier::new(2));
        let impatient = Arc::new(Impatient {
            barrier: Arc::clone(&barrier),
        });
        let mut wait = pin!(barrier.wait());
        let _ = wait
            .as_mut()
            .poll(&mut Context::from_waker(&impatient.into()));
        let _ = TestWaker::new().poll(pin!(barrier.wait()).as_mut());
    });
}

#[test]
#[cfg(feature = "loom")]
fn all_meet_in_every_order() {
    every_interleaving(|| {
        let barrier = Arc::new(explorable(|| Barrier::new(2)));
        let other = {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || [wait_for(barrier.wait()), wait_for(barrier.wait())])
        };
        let mine = [wait_for(barrier.wait()), wait_for(barrier.wait())];
        let others = other.join().expect("waiting does not panic");
        let one_each = mine[0] != others[0] && mine[1] != others[1];
        check(one_each, || {
            Failure::new(format!(
                "Two threads meet twice, and each time one of them should be the last; one heard {mine:?} and the other {others:?}."
            ))
            .usually("that counting and looking are not under one lock, or that a flag stays set after the first time.")
            .read(BY_HAND)
        });
    });
}

//! `Barrier`: waits for the last to arrive, round after round.

use super::*;
use exercises::locks::Barrier;

/// What has happened at a barrier before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// As many arrive as have to, and no round is complete.
    NoRound { n: usize },
    /// A round is complete, and no future was dropped while it waited.
    Rounds,
    /// Futures were dropped.
    Drops,
}

fn check_was_last(polled: Poll<bool>, before: Before, situation: &str) {
    check(polled == Poll::Ready(true), || {
        let report = Failure::new(format!(
            "{situation} This one should be ready with `true`; it was {}.",
            describe(polled)
        ));
        let usually = match (before, polled.is_pending()) {
            // A case is as small as it can be.
            (Before::NoRound { n }, true) if n >= 256 => {
                "that the count is of a type that is too small."
            }
            (Before::NoRound { n: 0 }, true) => {
                "that a barrier for 0 waits for a count of 0, which no arrival leaves. It behaves like one for 1."
            }
            (Before::NoRound { .. }, true) => "that the last to arrive waits for another arrival.",
            (Before::NoRound { .. }, false) => {
                "that the last to arrive is not told that it was the last."
            }
            (Before::Rounds, true) => {
                "that a round does not begin with a count of 0: it was not reset, or a future of the round before is subtracted from it."
            }
            (Before::Rounds, false) => "that the barrier stays open after a round.",
            (Before::Drops, true) => {
                "that a future is subtracted from the count of a round that is not its own."
            }
            (Before::Drops, false) => "that a future which was dropped is still counted.",
        };
        report.usually(usually).read(BARRIER)
    });
}

fn check_was_released(polled: Poll<bool>, situation: &str) {
    check(polled == Poll::Ready(false), || {
        let report = Failure::new(format!(
            "{situation} This one should be ready with `false`; it was {}.",
            describe(polled)
        ));
        if polled.is_pending() {
            report.usually(
                "that it checks something which the next round has changed: the count, or a flag. A waiting future has to \
                 know in which round it arrived.",
            )
        } else {
            report.usually("that more than one future is told that it was the last.")
        }
        .read(BARRIER)
    });
}

fn describe(polled: Poll<bool>) -> String {
    match polled {
        Poll::Pending => "pending".to_owned(),
        Poll::Ready(last) => format!("ready with `{last}`"),
    }
}

const TOO_EARLY: &str = "that the barrier stays open, or that a future is counted twice.";

const MISCOUNTED: &str = "that a future that was dropped is still counted, or that one of another round is counted in this one.";

#[test]
fn releases_all_when_the_last_arrives() {
    grade_cases(async |case| {
        let n = case.size("n", 2..=300);
        let barrier = Barrier::new(n);
        let wakers: Vec<_> = (1..n).map(|_| TestWaker::new()).collect();
        let mut waits: Vec<_> = (1..n).map(|_| Box::pin(barrier.wait())).collect();
        for (wait, waker) in waits.iter_mut().zip(&wakers) {
            let situation = format!("Fewer than {n} have arrived.");
            let polled = waker.poll(wait.as_mut());
            check_pending(&polled, &situation, TOO_EARLY, BARRIER);
            check_not_woken(waker);
        }
        let (waker, mut wait) = (TestWaker::new(), pin!(barrier.wait()));
        let last = waker.poll(wait.as_mut());
        let again = match last {
            Poll::Pending => waker.poll(wait.as_mut()),
            ready => ready,
        };
        check(last == again, || {
            Failure::new(format!(
                "The last of {n} has arrived. It should be ready with `true` at its first poll; it was pending, and {} at the second.",
                describe(again)
            ))
            .usually("that it awaits something after it has arrived, `yield_now` for example.")
            .read(BARRIER)
        });
        check_was_last(
            last,
            Before::NoRound { n },
            &format!("The last of {n} has arrived."),
        );
        for (wait, waker) in waits.iter_mut().zip(&wakers) {
            check_woken_once(waker, "When the last has arrived");
            let situation = format!("All {n} have arrived.");
            check_was_released(waker.poll(wait.as_mut()), &situation);
        }
    });
}

#[test]
fn a_barrier_for_one_never_waits() {
    for n in [0, 1] {
        grade(async || {
            let barrier = Barrier::new(n);
            for round in 1..=2 {
                let polled = TestWaker::new().poll(pin!(barrier.wait()).as_mut());
                let before = match round {
                    1 => Before::NoRound { n },
                    _ => Before::Rounds,
                };
                check_was_last(
                    polled,
                    before,
                    &format!("In round {round}, one has arrived at a barrier for {n}."),
                );
            }
        });
    }
}

#[test]
fn any_number_of_tasks_is_waited_for() {
    grade_cases(async |case| {
        let above = case.number("n is 2 +", usize::MAX as u64 - 2) as usize;
        let (barrier, waker) = (Barrier::new(2 + above), TestWaker::new());
        let polled = waker.poll(pin!(barrier.wait()).as_mut());
        check(polled.is_pending(), || {
            Failure::new(format!(
                "One has arrived at a barrier for {}. It should be pending; it was {}.",
                2 + above,
                describe(polled)
            ))
            .usually("that `n` is kept in a type that is too small.")
            .read(BARRIER)
        });
    });
}

#[test]
fn arrives_at_its_first_poll() {
    grade(async || {
        let (barrier, waker) = (Barrier::new(2), TestWaker::new());
        let _not_polled = barrier.wait();
        let mut wait = pin!(barrier.wait());
        check_pending(
            &waker.poll(wait.as_mut()),
            "At a barrier for 2, `wait` was called twice, and the first future has not been polled.",
            "that a future arrives where it is created, and not in its first poll.",
            BARRIER,
        );
    });
}

#[test]
fn the_last_is_not_woken() {
    grade_cases(async |case| {
        let n = case.size("n", 1..=12);
        let (barrier, last) = (Barrier::new(n), TestWaker::new());
        let early = TestWaker::new();
        let mut waits: Vec<_> = (1..n).map(|_| Box::pin(barrier.wait())).collect();
        for wait in &mut waits {
            let _ = early.poll(wait.as_mut());
        }
        let mut wait = pin!(barrier.wait());
        let _ = last.poll(wait.as_mut());
        let (wakes, left) = (last.wake_count(), last.live_wakers());
        check((wakes, left) == (0, 0), || {
            Failure::new(format!(
                "The last of {n} arrives and does not wait, so its waker should be neither called nor stored; it {}, and {} stored.",
                counted("called", wakes),
                were(left)
            ))
            .usually("that each future stores its waker before it knows whether it has to wait.")
            .read(BARRIER)
        });
    });
}

#[test]
fn repeated_polls_count_once() {
    grade(async || {
        let (barrier, waker) = (Barrier::new(3), TestWaker::new());
        let mut wait = pin!(barrier.wait());
        for _ in 0..4 {
            check_pending(
                &waker.poll(wait.as_mut()),
                "One of 3 has arrived, and was polled several times.",
                "that each poll counts as an arrival, or that a second poll is mistaken for a wake-up.",
                SPURIOUS,
            );
        }
    });
}

#[test]
fn can_be_reused() {
    grade_cases(async |case| {
        let n = case.size("n", 2..=5);
        let (barrier, waker) = (Barrier::new(n), TestWaker::new());
        for round in 1..=case.size("rounds", 1..=300) {
            let mut early: Vec<_> = (1..n).map(|_| Box::pin(barrier.wait())).collect();
            for wait in &mut early {
                let situation = format!("In round {round}, fewer than {n} have arrived.");
                let polled = waker.poll(wait.as_mut());
                check_pending(&polled, &situation, TOO_EARLY, BARRIER);
            }
            let last = waker.poll(pin!(barrier.wait()).as_mut());
            check_was_last(
                last,
                if round == 1 {
                    Before::NoRound { n }
                } else {
                    Before::Rounds
                },
                &format!("In round {round}, the last of {n} has arrived."),
            );
            for wait in &mut early {
                let situation = format!("In round {round}, all {n} have arrived.");
                check_was_released(waker.poll(wait.as_mut()), &situation);
            }
        }
    });
}

#[test]
fn a_late_poll_still_sees_its_own_round() {
    grade(async || {
        let (barrier, slow, quick) = (Barrier::new(2), TestWaker::new(), TestWaker::new());
        let mut slow_one = pin!(barrier.wait());
        let _ = slow.poll(slow_one.as_mut());
        let _ = quick.poll(pin!(barrier.wait()).as_mut());
        // The first round is complete. The slow task has been woken but not polled, and the quick one arrives again.
        let mut next = pin!(barrier.wait());
        let situation = "The first round is complete, and one of 2 has arrived for the second.";
        let polled = quick.poll(next.as_mut());
        check_pending(&polled, situation, TOO_EARLY, BARRIER);
        let situation = "The first round is complete, and one of its futures is polled after the second round has begun.";
        check_was_released(slow.poll(slow_one.as_mut()), situation);
        let situation = "The last of 2 has arrived for the second round.";
        let last = slow.poll(pin!(barrier.wait()).as_mut());
        check_was_last(last, Before::Rounds, situation);
        let situation = "Both have arrived for the second round.";
        check_was_released(quick.poll(next.as_mut()), situation);
    });
}

#[test]
fn a_poll_many_rounds_later_is_ready() {
    grade_cases(async |case| {
        let rounds = case.size_near("later rounds", 256, 1..=600);
        let (barrier, slow, quick) = (Barrier::new(2), TestWaker::new(), TestWaker::new());
        let mut slow_one = pin!(barrier.wait());
        let _ = slow.poll(slow_one.as_mut());
        let _ = quick.poll(pin!(barrier.wait()).as_mut());
        for _ in 0..rounds {
            let mut early = pin!(barrier.wait());
            let _ = quick.poll(early.as_mut());
            let _ = quick.poll(pin!(barrier.wait()).as_mut());
        }
        let polled = slow.poll(slow_one.as_mut());
        check(polled == Poll::Ready(false), || {
            Failure::new(format!(
                "A future is polled when its round and {rounds} later ones have been completed. It should be ready with \
                 `false`; it was {}.",
                describe(polled)
            ))
            .usually(
                "that the mark of a round is used again: a flag that flips is after two rounds what it was, and one byte after \
                 256. Count the rounds in a `u64`.",
            )
            .read(BARRIER)
        });
    });
}

#[test]
fn a_dropped_waiter_no_longer_counts() {
    grade(async || {
        let (barrier, waker) = (Barrier::new(2), TestWaker::new());
        let mut dropped = Box::pin(barrier.wait());
        let _ = waker.poll(dropped.as_mut());
        drop(dropped);
        let mut waiting = pin!(barrier.wait());
        let situation = "One of 2 has arrived and was dropped; then another has arrived.";
        let usually = "that a future that is dropped while it waits is still counted: subtract it, in the destructor of a \
                       variable.";
        let polled = waker.poll(waiting.as_mut());
        check_pending(&polled, situation, usually, STILL_COUNTED);
        let last = waker.poll(pin!(barrier.wait()).as_mut());
        let situation = "One of 2 was waiting, and the last has arrived.";
        check_was_last(last, Before::Drops, situation);
        check_was_released(waker.poll(waiting.as_mut()), "Both have arrived.");
    });
}

#[test]
fn a_waiter_dropped_late_changes_no_later_round() {
    grade(async || {
        let (barrier, waker) = (Barrier::new(2), TestWaker::new());
        let mut dropped = Box::pin(barrier.wait());
        let _ = waker.poll(dropped.as_mut());
        let _ = waker.poll(pin!(barrier.wait()).as_mut());
        let mut next = pin!(barrier.wait());
        let _ = waker.poll(next.as_mut());
        // Its round is complete, and it has not been polled again.
        drop(dropped);
        let last = waker.poll(pin!(barrier.wait()).as_mut());
        check(last == Poll::Ready(true), || {
            Failure::new(format!(
                "A future was dropped after its round had been completed. In the next round both have arrived, so the last \
                 should be ready with `true`; it was {}.",
                describe(last)
            ))
            .usually(
                "that a dropped future is subtracted from the count of a round that is not its own.",
            )
            .read(STILL_COUNTED)
        });
    });
}

#[test]
fn an_earlier_round_takes_no_waker_along() {
    grade_cases(async |case| {
        let n = case.size("n", 2..=8);
        let (barrier, waker) = (Barrier::new(n), TestWaker::new());
        let begin = || -> Vec<_> {
            let waits = (1..n).map(|_| (TestWaker::new(), Box::pin(barrier.wait())));
            let mut waits: Vec<_> = waits.collect();
            for (waker, wait) in &mut waits {
                let _ = waker.poll(wait.as_mut());
            }
            waits
        };
        let mut earlier = begin();
        let _ = waker.poll(pin!(barrier.wait()).as_mut());
        let later = begin();
        let ends = *case.pick(
            "the futures of the first round are",
            &["left alone", "polled", "dropped"],
        );
        match ends {
            "polled" => earlier.iter_mut().for_each(|(waker, wait)| {
                let _ = waker.poll(wait.as_mut());
            }),
            "dropped" => earlier.clear(),
            _ => {}
        }
        let _ = waker.poll(pin!(barrier.wait()).as_mut());
        let once = later.iter().filter(|(waker, _)| waker.wake_count() == 1);
        let once = once.count();
        check(once == n - 1, || {
            Failure::new(format!(
                "A round of {n} is complete, and {} for the next one. Then the futures of the first round are {}, and the last of the next \
                 round arrives. It should wake each of those that wait; {}.",
                match n {
                    2 => "one waits".to_owned(),
                    n => format!("{} wait", n - 1),
                },
                ends,
                were(once)
            ))
            .usually_if((ends != "left alone").then_some(
                "that ids are used again in the next round, so that a future of an earlier one removes the waker of another.",
            ))
            .read(CANCELLED)
        });
    });
}

/// A future that has arrived in this round.
struct Arrived<'a> {
    round: usize,
    waker: TestWaker,
    wait: Pin<Box<dyn Future<Output = bool> + 'a>>,
}

#[test]
fn counts_those_that_wait_in_any_order() {
    grade_cases(async |case| {
        let n = case.size("n", 2..=5);
        let barrier = Barrier::new(n);
        let mut arrived: Vec<Arrived<'_>> = Vec::new();
        let (mut round, mut waiting, mut before) = (1, 0, Before::NoRound { n });
        for _ in 0..case.size("steps", 1..=40) {
            let what = *case.pick("next", &["arrive", "poll", "drop"]);
            let chosen = case.below(arrived.len().max(1) as u64) as usize;
            if what == "arrive" {
                let (waker, mut wait) = (TestWaker::new(), Box::pin(barrier.wait()));
                let polled = waker.poll(wait.as_mut());
                waiting += 1;
                let situation =
                    format!("In round {round}, {waiting} of {n} are waiting or arrive.");
                if waiting == n {
                    check_was_last(polled, before, &situation);
                    for other in arrived.iter().filter(|other| other.round == round) {
                        check_woken_once(&other.waker, "When the last has arrived");
                    }
                    (round, waiting) = (round + 1, 0);
                    if before != Before::Drops {
                        before = Before::Rounds;
                    }
                } else {
                    check_pending(&polled, &situation, MISCOUNTED, STILL_COUNTED);
                    arrived.push(Arrived { round, waker, wait });
                }
            } else if chosen < arrived.len() {
                let mut one = arrived.remove(chosen);
                if what == "drop" {
                    waiting -= usize::from(one.round == round);
                    before = Before::Drops;
                } else {
                    let polled = one.waker.poll(one.wait.as_mut());
                    let situation = format!(
                        "In round {round}, a future of round {} is polled.",
                        one.round
                    );
                    if one.round == round {
                        check_pending(&polled, &situation, MISCOUNTED, STILL_COUNTED);
                        arrived.push(one);
                    } else {
                        check_was_released(polled, &situation);
                    }
                }
            }
        }
    });
}

/// Keeps the instant at which it is dropped.
struct EndsAt {
    clock: Clock,
    at: Rc<Cell<Duration>>,
}

impl Drop for EndsAt {
    fn drop(&mut self) {
        self.at.set(self.clock.elapsed());
    }
}

#[test]
fn a_dropped_waiter_does_not_stop_the_others() {
    drop_one_of_many(
        async || {
            let (barrier, clock) = (Rc::new(Barrier::new(2)), Clock::start());
            let first_ended = Rc::new(Cell::default());
            let calls = [0, 10, 20].map(|arrives| {
                let (barrier, at) = (Rc::clone(&barrier), Rc::clone(&first_ended));
                async move {
                    let _first = (arrives == 0).then(|| EndsAt { clock, at });
                    sleep(ms(arrives)).await;
                    tokio::time::timeout(ms(100), barrier.wait()).await.ok()
                }
            });
            (calls.into(), first_ended)
        },
        async |outcomes, first_ended| {
            // The first two are a round. If one of them is dropped before it is complete, the third takes its place.
            let third_is_alone = outcomes.iter().flatten().any(Option::is_none);
            let right: &[[Option<bool>; 2]] = match outcomes[0] {
                // The second arrives in the same instant, perhaps before the first is dropped.
                None if first_ended.get() == ms(10) => {
                    &[[Some(false), Some(true)], [Some(true), None]]
                }
                _ => &[[Some(false), Some(true)]],
            };
            let seen: Vec<_> = outcomes.into_iter().flatten().collect();
            check(right.iter().any(|right| *right == *seen), || {
                let report = Failure::new(format!(
                    "Three futures arrive at a barrier for 2, at 0, 10 and 20 ms, and one of them is dropped. The first of the \
                     others should return `false` and the second `true`; they returned {}.",
                    seen.iter()
                        .map(|outcome| match outcome {
                            Some(last) => format!("`{last}`"),
                            None => "nothing within 100 ms".to_owned(),
                        })
                        .collect::<Vec<_>>()
                        .join(" and ")
                ));
                if third_is_alone {
                    report.usually("that a future that was dropped while it waited is still counted.")
                } else {
                    report.usually("that more or fewer than one future of a round is told that it was the last.")
                }
                .read(STILL_COUNTED)
            });
        },
    );
}

#[test]
fn wakes_the_latest_waker() {
    every_waker_sequence(|| {
        let barrier = Arc::new(Barrier::new(2));
        let last = Arc::clone(&barrier);
        (async move { barrier.wait().await }, move || {
            let _ = TestWaker::new().poll(pin!(last.wait()).as_mut());
        })
    });
}

#[test]
fn a_dropped_waiter_leaves_no_waker() {
    grade(async || {
        let (barrier, waker) = (Barrier::new(2), TestWaker::new());
        let mut wait = Box::pin(barrier.wait());
        let _ = waker.poll(wait.as_mut());
        drop(wait);
        check_no_waker_is_left(&waker);
    });
}

/// One that is not removed completes a round for which too few have arrived.
#[test]
#[cfg(feature = "loom")]
fn a_dropped_waiter_is_removed_in_every_interleaving() {
    every_interleaving(|| {
        let barrier = Arc::new(explorable(|| Barrier::new(3)));
        let other = {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || {
                let _ = TestWaker::new().poll(pin!(barrier.wait()).as_mut());
            })
        };
        let waker = TestWaker::new();
        let mut dropped = Box::pin(barrier.wait());
        let _ = waker.poll(dropped.as_mut());
        drop(dropped);
        other.join().expect("the other thread panicked");
        let left = waker.live_wakers();
        let mut waits = [(), ()].map(|()| Box::pin(barrier.wait()));
        let polled = waits.each_mut().map(|wait| waker.poll(wait.as_mut()));
        let is_removed = polled == [Poll::Pending; 2];
        check(left == 0 && is_removed, || {
            Failure::new(format!(
                "Two futures that waited at a barrier for 3 were dropped, on two threads. Their wakers should be dropped, and two that \
                 arrive after that should be pending; {} stored, and they were {} and {}.",
                match left {
                    0 => "no waker is",
                    _ => "a waker is still",
                },
                describe(polled[0]),
                describe(polled[1])
            ))
            .usually(skipped_cleanup())
            .read(STILL_COUNTED)
        });
    });
}

/// One of two is dropped while two others arrive: either it is the first of a round that the next one completes, or those two
/// are the round.
#[test]
#[cfg(feature = "loom")]
fn a_dropped_waiter_is_subtracted_from_its_own_round_in_every_interleaving() {
    every_interleaving(|| {
        let barrier = Arc::new(explorable(|| Barrier::new(2)));
        let waker = TestWaker::new();
        let mut dropped = Box::pin(barrier.wait());
        let _ = waker.poll(dropped.as_mut());
        let other = {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || {
                let mut polled = [Poll::Pending; 2];
                for polled in &mut polled {
                    let mut wait = Box::pin(barrier.wait());
                    *polled = TestWaker::new().poll(wait.as_mut());
                    // It goes on waiting.
                    std::mem::forget(wait);
                }
                polled
            })
        };
        drop(dropped);
        let [first, second] = other.join().expect("the other thread panicked");
        let next = waker.poll(pin!(barrier.wait()).as_mut());
        let expected = if second.is_pending() {
            Poll::Ready(true)
        } else {
            Poll::Pending
        };
        check(next == expected, || {
            Failure::new(format!(
                "A future that waits at a barrier for 2 is dropped, while two others arrive on another thread: they were {} and {}. The \
                 next to arrive should be {}; it was {}.",
                describe(first),
                describe(second),
                describe(expected),
                describe(next)
            ))
            .usually(
                "that a dropped future looks at its round under one lock, and is subtracted under another. In between its round may be \
                 complete.",
            )
            .read(STILL_COUNTED)
        });
    });
}

/// Two of three are a round. The third is one of the next, whenever it arrives.
#[test]
#[cfg(feature = "loom")]
fn a_third_caller_waits_in_every_interleaving() {
    every_interleaving(|| {
        let barrier = Arc::new(explorable(|| Barrier::new(2)));
        let other = {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || TestWaker::new().poll(pin!(barrier.wait()).as_mut()))
        };
        let waker = TestWaker::new();
        let mut waits = [(), ()].map(|()| Box::pin(barrier.wait()));
        let mut polled = waits.each_mut().map(|wait| waker.poll(wait.as_mut()));
        let others = other.join().expect("the other thread panicked");
        for (polled, wait) in polled.iter_mut().zip(&mut waits) {
            if polled.is_pending() {
                *polled = waker.poll(wait.as_mut());
            }
        }
        let all = [polled[0], polled[1], others];
        let ready = all.iter().filter(|polled| polled.is_ready()).count();
        let last = all.iter().filter(|polled| **polled == Poll::Ready(true));
        check(ready <= 2 && last.count() == 1, || {
            Failure::new(format!(
                "Three futures arrive at a barrier for 2, one of them on another thread. Two should be ready, one of these with \
                 `true`, and the third should wait for the next round; they were {}, {} and {}.",
                describe(all[0]),
                describe(all[1]),
                describe(all[2])
            ))
            .usually(
                "that counting an arrival and reading its round are not under one lock. In between another round may begin.",
            )
            .read(BUILD)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn wakes_without_holding_the_lock() {
    every_interleaving(|| {
        let barrier = Arc::new(Barrier::new(2));
        let waker = {
            let barrier = Arc::clone(&barrier);
            // The woken task arrives again at once, on the thread that wakes it.
            waker_fn(move || {
                let _ = TestWaker::new().poll(pin!(barrier.wait()).as_mut());
            })
        };
        let mut wait = pin!(barrier.wait());
        let _ = wait.as_mut().poll(&mut Context::from_waker(&waker));
        let _ = TestWaker::new().poll(pin!(barrier.wait()).as_mut());
    });
}

#[test]
#[cfg(feature = "loom")]
fn two_threads_meet_in_every_interleaving() {
    every_interleaving(|| {
        let barrier = Arc::new(explorable(|| Barrier::new(2)));
        let other = {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || [wait_for(barrier.wait()), wait_for(barrier.wait())])
        };
        let mine = [wait_for(barrier.wait()), wait_for(barrier.wait())];
        let others = other.join().expect("the waiting thread panicked");
        let one_each = mine[0] != others[0] && mine[1] != others[1];
        check(one_each, || {
            Failure::new(format!(
                "Two threads meet twice, and each time one of them should get `true`; one got {mine:?} and the other \
                 {others:?}."
            ))
            .usually(
                "that counting and checking are not under one lock, or that a flag stays set after the first round.",
            )
            .read(BUILD)
        });
    });
}

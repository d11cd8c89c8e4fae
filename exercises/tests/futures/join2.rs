//! `join2`: polls a future only after its own wake-up.

use super::*;
use exercises::futures::join2;

/// The parameters of `join2`, as its contract calls them.
const NAMES: [&str; 2] = ["a", "b"];

/// How often each of two sources was polled.
fn polls(sources: &[Source; 2]) -> [usize; 2] {
    [sources[0].polls(), sources[1].polls()]
}

/// How often each of the two futures was polled, as a clause: "`a` was polled once and `b` was not polled".
fn describe([a, b]: [usize; 2]) -> String {
    format!(
        "`a` {} and `b` {}",
        counted("polled", a),
        counted("polled", b)
    )
}

fn two_sources() -> [Source; 2] {
    [Source::default(), Source::default()]
}

fn joined([a, b]: &[Source; 2]) -> Pin<Box<impl Future<Output = (u32, u32)> + use<>>> {
    // Unlike an `async fn`, they do not panic if they are polled after they were ready, which one test is about.
    let future = |source: &Source| {
        let source = source.clone();
        poll_fn(move |cx| source.poll(cx))
    };
    Box::pin(join2(future(a), future(b)))
}

#[test]
fn polls_both_at_first() {
    grade(async || {
        let (sources, waker) = (two_sources(), TestWaker::new());
        let mut answer = joined(&sources);
        let _ = waker.poll(answer.as_mut());
        let polls = polls(&sources);
        check(polls == [1, 1], || {
            Failure::new(format!(
                "The first poll should poll both futures once; {}.",
                describe(polls)
            ))
            .usually_if(match polls {
                [0, 0] => Some(
                    "that nothing is polled before the first wake-up: a future that was never polled has no waker to call.",
                ),
                [1, 0] => Some(
                    "that the poll ends when the first future is pending. Both are polled, whatever the other returns.",
                ),
                _ => None,
            })
            .read(CONTRACT)
        });
        check_not_woken(&waker);
    });
}

#[test]
fn a_wake_up_of_either_future_wakes_the_join() {
    for child in [0, 1] {
        grade(async || {
            let (sources, waker) = (two_sources(), TestWaker::new());
            let mut answer = joined(&sources);
            let _ = waker.poll(answer.as_mut());
            sources[child].set(7);
            let wakes = waker.wake_count();
            check(wakes == 1, || {
                let failure = Failure::new(format!(
                    "When the waker of `{}` is called, the waker of `join2` should be called, once; it {}.",
                    NAMES[child],
                    counted("called", wakes)
                ));
                if wakes == 0 {
                    failure.usually(
                        "that the future's own waker sets its flag and does nothing else. It must also call the waker \
                         that `join2` was last polled with.",
                    )
                } else {
                    failure.usually("that one wake-up calls the waker of `join2` in more than one place.")
                }
                .read(WAKE)
            });
        });
    }
}

#[test]
fn polls_only_the_woken_future() {
    grade_cases(async |case| {
        let (sources, waker) = (two_sources(), TestWaker::new());
        let mut answer = joined(&sources);
        let _ = waker.poll(answer.as_mut());
        let mut expected = [1, 1];
        for _ in 0..case.size("later polls", 1..=12) {
            let woken = *case.pick("woken before", &["neither", "a", "b", "both"]);
            for child in 0..2 {
                if woken == NAMES[child] || woken == "both" {
                    sources[child].wake();
                    expected[child] += 1;
                }
            }
            let before = polls(&sources);
            let _ = waker.poll(answer.as_mut());
            let after = polls(&sources);
            check(after == expected, || {
                let failure = Failure::new(format!(
                    "Before a later poll of `join2`, {}. After it, `a` should have been polled {} in all and `b` {}; {}.",
                    match woken {
                        "neither" => "no waker was called".to_owned(),
                        "both" => "the wakers of both futures were called".to_owned(),
                        one => format!("only the waker of `{one}` was called"),
                    },
                    times(expected[0]),
                    times(expected[1]),
                    describe(after)
                ));
                let polled = [0, 1].map(|child| after[child] > before[child]);
                if polled == [true, true] {
                    failure.usually(
                        "that every poll polls both futures: which of them was woken is not recorded, or not checked.",
                    )
                } else if polled == [false, false] {
                    failure.usually("that a flag is not set again by a later wake-up.")
                } else if woken == "both" {
                    failure.usually("that the poll ends when the first woken future is pending, before the other one is polled.")
                } else {
                    failure.usually("that the flag of one future is taken for that of the other, or is never cleared.")
                }
                .read(WAKE)
            });
        }
    });
}

#[test]
fn calls_no_waker_when_it_is_ready() {
    grade(async || {
        let (sources, waker, last) = (two_sources(), TestWaker::new(), TestWaker::new());
        let mut answer = joined(&sources);
        let _ = waker.poll(answer.as_mut());
        sources.iter().for_each(|source| source.set(7));
        let polled = last.poll(answer.as_mut());
        drop(answer);
        let wakes = last.wake_count();
        check(polled.is_pending() || wakes == 0, || {
            Failure::new(format!(
                "`join2` is ready in its last poll, so no waker should be called any more; that of the last poll {}.",
                counted("called", wakes)
            ))
            .usually("that `join2` calls the waker itself. Only the wakers of its futures call it.")
            .read(BUSY)
        });
    });
}

#[test]
fn waits_for_both_concurrently() {
    grade_cases(async |case| {
        let (a, b) = (case.whole_ms("a takes", 50), case.whole_ms("b takes", 50));
        let (number, text) = (
            case.number("output of a", u64::MAX),
            case.text("output of b"),
        );
        let clock = Clock::start();
        let outputs = join2(
            async {
                tokio::time::sleep(a).await;
                number
            },
            async {
                tokio::time::sleep(b).await;
                text.clone()
            },
        )
        .await;
        let (took, expected) = (clock.elapsed(), a.max(b));
        check(
            outputs == (number, text.clone()) && took == expected,
            || {
                let failure = Failure::new(format!(
                    "Waits of {} and {} should give ({number}, {text:?}) after {}; they gave {outputs:?} after {}.",
                    in_ms(a),
                    in_ms(b),
                    in_ms(expected),
                    in_ms(took)
                ));
                if took == a + b && took > expected {
                    failure
                        .usually("that the second future is not polled before the first is ready.")
                } else {
                    failure.usually(
                        "that the outputs are swapped, or that `join2` waits for something else.",
                    )
                }
                .read(STATES)
            },
        );
    });
}

#[test]
fn a_spurious_poll_polls_neither() {
    grade(async || {
        let (sources, waker) = (two_sources(), TestWaker::new());
        let mut answer = joined(&sources);
        for _ in 0..3 {
            let _ = waker.poll(answer.as_mut());
        }
        let polls = polls(&sources);
        check(polls == [1, 1], || {
            Failure::new(format!(
                "`join2` was polled three times without a wake-up. Each future should have been polled once; {}.",
                describe(polls)
            ))
            .usually("that a poll of `join2` is taken for a wake-up of its futures, or that a flag is never cleared.")
            .read(SPURIOUS)
        });
    });
}

#[test]
fn a_spurious_poll_does_not_poll_the_future_that_is_left() {
    for (finished, stale_wake_up) in [(0, false), (1, false), (0, true), (1, true)] {
        grade(async || {
            let (sources, waker) = (two_sources(), TestWaker::new());
            let mut answer = joined(&sources);
            let _ = waker.poll(answer.as_mut());
            let finished_waker = sources[finished].state.lock().unwrap().waker.clone();
            sources[finished].set(7);
            let _ = waker.poll(answer.as_mut());
            if stale_wake_up {
                finished_waker.expect("the future was pending").wake();
            }
            let _ = waker.poll(answer.as_mut());
            let left = NAMES[1 - finished];
            let polls = sources[1 - finished].polls();
            check(polls == 1, || {
                Failure::new(format!(
                    "`{}` has finished, and the waker of `{left}` was not called since its first poll. It should have been \
                     polled once; it {}.",
                    NAMES[finished],
                    counted("polled", polls)
                ))
                .usually(
                    "that when one future is left, every poll of `join2` polls it. It still has a waker of its own.",
                )
                .read(SPURIOUS)
            });
        });
    }
}

#[test]
fn does_not_poll_a_finished_future() {
    for (child, other_is_woken) in [(0, false), (1, false), (0, true), (1, true)] {
        grade(async || {
            let (sources, waker) = (two_sources(), TestWaker::new());
            let mut answer = joined(&sources);
            let _ = waker.poll(answer.as_mut());
            let child_waker = sources[child].state.lock().unwrap().waker.clone();
            sources[child].set(7);
            let _ = waker.poll(answer.as_mut());
            check(sources[child].is_finished(), || {
                Failure::new(format!(
                    "The waker of `{0}` was called, so the next poll of `join2` should poll `{0}`; it did not.",
                    NAMES[child]
                ))
                .usually("that the future's waker does not set the future's own flag.")
                .read(WAKE)
            });
            let polls = sources[child].polls();
            // A waker may be called at any time, also after its future has finished.
            child_waker.expect("the future was pending").wake();
            if other_is_woken {
                sources[1 - child].wake();
            }
            let again = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                let _ = waker.poll(answer.as_mut());
            }));
            let after = sources[child].polls();
            check(again.is_ok() && after == polls, || {
                Failure::new(format!(
                    "`{}` has returned `Ready`, and its waker was called once more. It should not be polled again; it was.",
                    NAMES[child]
                ))
                .usually("that a set flag alone leads to a poll, without a check whether the future still has to be polled.")
                .read(COMPLETED)
            });
        });
    }
}

#[test]
fn wakes_the_latest_waker() {
    // The waker that `join2` is polled with may also change when one of its futures has finished.
    for (child, other_is_ready) in [(0, false), (1, false), (0, true), (1, true)] {
        every_waker_sequence(|| {
            let sources = two_sources();
            if other_is_ready {
                sources[1 - child].set(3);
            }
            (joined(&sources), move || sources[child].set(7))
        });
    }
}

#[test]
#[cfg(feature = "loom")]
fn wakes_without_holding_a_lock() {
    reentrant_wakers(|| {
        let sources = two_sources();
        (joined(&sources), move || {
            sources.iter().for_each(|source| source.set(7));
        })
    });
}

#[test]
fn a_wake_up_during_the_poll_counts() {
    grade(async || {
        let waker = TestWaker::new();
        let yields_once = async || {
            let mut yielded = false;
            poll_fn(|cx| {
                if yielded {
                    return Poll::Ready(7);
                }
                yielded = true;
                cx.waker().wake_by_ref();
                Poll::Pending
            })
            .await
        };
        let mut answer = Box::pin(join2(yields_once(), yields_once()));
        let _ = waker.poll(answer.as_mut());
        let wakes = waker.wake_count();
        let polled = waker.poll(answer.as_mut());
        check(wakes <= 2, || {
            Failure::new(format!(
                "Both futures call their wakers while they are polled, once each. In that poll the waker of `join2` should be \
                 called at most twice; it {}.",
                counted("called", wakes)
            ))
            .usually("that `join2` calls the waker itself as well. Only the wakers of its futures call it.")
            .read(BUSY)
        });
        check(wakes > 0 && polled == Poll::Ready((7, 7)), || {
            let failure = Failure::new(format!(
                "Both futures call their wakers while they are polled, and are ready at their second poll. After the first \
                 poll of `join2` its waker should have been called, and the second should return (7, 7); the waker {}, and \
                 `join2` is {}.",
                counted("called", wakes),
                if polled.is_ready() {
                    "ready"
                } else {
                    "pending"
                },
            ));
            if wakes == 0 && polled.is_pending() {
                failure.usually("that `wake` sets a flag of the future only if `join2` is waiting.")
            } else if wakes == 0 {
                failure.usually(
                    "that a wake-up during the poll sets the flag, but finds no waker to call, or does not look for one. Store \
                     the waker of a poll before the futures are polled.",
                )
            } else {
                failure.usually(
                    "that a flag is cleared after its future was polled. It may be set during the poll: clear it before.",
                )
            }
            .read(LOST)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn no_wake_up_is_lost() {
    every_interleaving(|| {
        let sources = two_sources();
        let setting = {
            let sources = sources.clone();
            thread::spawn(move || {
                sources[0].set(1);
                sources[1].set(2);
            })
        };
        let outputs = explorable(|| wait_for(joined(&sources)));
        setting
            .join()
            .expect("the thread that sets the values does not panic");
        check(outputs == (1, 2), || {
            Failure::new(format!(
                "The futures are ready with 1 and 2; `join2` returned {outputs:?}."
            ))
            .usually("that the outputs are swapped.")
            .read(STATES)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn a_change_of_task_loses_no_wake_up() {
    every_interleaving(|| {
        let sources = two_sources();
        let mut answer = joined(&sources);
        // The task of the first poll gives the answer away: its waker does nothing.
        explorable(|| {
            let _ = answer
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
        });
        sources[1].set(2);
        let setting = {
            let source = sources[0].clone();
            thread::spawn(move || source.set(1))
        };
        let outputs = wait_for(answer);
        setting
            .join()
            .expect("the thread that sets the value does not panic");
        check(outputs == (1, 2), || {
            Failure::new(format!(
                "The futures are ready with 1 and 2; `join2` returned {outputs:?}."
            ))
            .usually("that the outputs are swapped.")
            .read(STATES)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn what_came_before_a_wake_up_is_visible() {
    every_interleaving(|| {
        let flag = Flag::default();
        let setting = {
            let flag = flag.clone();
            thread::spawn(move || flag.set_and_wake())
        };
        let mut has_yielded = false;
        // It causes a second poll of `join2`, before or after the other wake-up.
        let yields = poll_fn(|cx| {
            if std::mem::replace(&mut has_yielded, true) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        });
        wait_for(join2(flag.wait(), yields));
        setting
            .join()
            .expect("the thread that sets the flag does not panic");
    });
}

//! `count_polls`: one poll inside for each poll outside.

use super::*;
use exercises::futures::count_polls;

#[test]
fn counts_every_poll() {
    for needed in [1, 5, 2] {
        grade(async || {
            let polls = Mutex::new(0);
            let bell = TestWaker::new();
            let mut answer = pin!(count_polls(ready_at_poll(needed, &polls)));
            let seen = (0..10).find_map(|_| match bell.poll(answer.as_mut()) {
                Poll::Ready(seen) => Some(seen),
                Poll::Pending => None,
            });
            check(seen == Some((7, needed)), || {
                let miss = Failure::new(format!(
                    "A future that is ready with 7 at poll {needed} should give (7, {needed}); the answer gave {}.",
                    match seen {
                        Some(seen) => format!("{seen:?}"),
                        None => "nothing in 10 polls".to_owned(),
                    }
                ));
                match seen {
                    Some((7, count)) if count + 1 == needed => {
                        miss.usually("that the last poll, the one that is ready, is not counted.")
                    }
                    Some((7, 1)) => miss.usually(
                        "that it counts how often it awaits, where `poll_fn` shows each poll; or that the line which \
                         counts stands behind `ready!`, and is not reached by a poll that is pending.",
                    ),
                    _ => miss.usually("that something else is counted, or the count does not outlive a poll."),
                }
                .read("futures-tools.html#poll_fn")
            });
        });
    }
}

#[test]
fn one_poll_inside_for_one_outside() {
    grade(async || {
        let polls = Mutex::new(0);
        let bell = TestWaker::new();
        let mut answer = pin!(count_polls(ready_at_poll(5, &polls)));
        for outside in 1..=4 {
            let _ = bell.poll(answer.as_mut());
            let inside = *polls.lock().unwrap();
            check(inside == outside, || {
                let miss = Failure::new(format!(
                    "After poll {outside} of the answer, the future should have been polled {}; it was polled {}.",
                    times(outside as usize),
                    times(inside as usize)
                ));
                if inside > outside {
                    miss.usually(
                        "a loop inside one poll. A future that is pending wants to be left alone until it rings.",
                    )
                    .read(BUSY)
                } else {
                    miss.usually("that some polls are not handed on.")
                        .read(CONTRACT)
                }
            });
        }
    });
}

#[test]
fn hands_its_waker_on() {
    grade(async || {
        let sensor = Sensor::default();
        let bell = TestWaker::new();
        let mut answer = pin!(count_polls(sensor.clone().read()));
        let _ = bell.poll(answer.as_mut());
        sensor.give(7);
        let rings = bell.wake_count();
        check(rings == 1, || {
            let miss = Failure::new(format!(
                "When the future inside rings, the answer's waker should be woken, once; it was woken {}.",
                times(rings)
            ));
            if rings == 0 {
                miss.usually(
                    "that the future was polled with another waker, such as `Waker::noop()`: its ring goes nowhere. \
                     Hand `cx` on.",
                )
                .read(CONTRACT)
            } else {
                miss.usually("that the answer rings for itself as well.")
                    .read(BUSY)
            }
        });
    });
}

/// Rings nobody, and is somebody: two of it can be told apart.
struct Desk;

impl std::task::Wake for Desk {
    fn wake(self: std::sync::Arc<Self>) {}
}

#[test]
fn hands_on_the_very_waker() {
    grade(async || {
        let waker = Waker::from(std::sync::Arc::new(Desk));
        let mut same = false;
        {
            let mut answer = pin!(count_polls(poll_fn(|cx| {
                same = cx.waker().will_wake(&waker);
                Poll::<()>::Pending
            })));
            let _ = answer.as_mut().poll(&mut Context::from_waker(&waker));
        }
        check(same, || {
            Failure::new(
                "The future inside should be polled with the waker of the answer's poll; `will_wake` says that it is another one.",
            )
            .usually("a waker of your own that rings the other one. It costs an `Arc` for each poll, and `cx` is there already.")
            .read(CONTRACT)
        });
    });
}

#[test]
fn does_not_ring_itself() {
    grade(async || {
        let bell = TestWaker::new();
        let mut answer = pin!(count_polls(Sensor::default().read()));
        let _ = bell.poll(answer.as_mut());
        check_quiet(&bell);
    });
}

#[test]
fn rings_the_latest_waker() {
    grade(async || {
        let sensor = Sensor::default();
        let (before, latest) = (TestWaker::new(), TestWaker::new());
        let mut answer = pin!(count_polls(sensor.clone().read()));
        let _ = before.poll(answer.as_mut());
        let _ = latest.poll(answer.as_mut());
        sensor.give(7);
        check_latest_was_rung(&before, &latest);
    });
}

#[test]
fn inside_a_runtime_it_sleeps_between_two_polls() {
    grade(async || {
        let ((), polls) = count_polls(tokio::time::sleep(ms(30))).await;
        check(polls == 2, || {
            Failure::new(format!(
                "A `sleep` of tokio's is polled when it starts and when its time has come, 2 polls; it was polled {}.",
                times(polls as usize)
            ))
            .usually("that the answer polls again without having been rung for, after a `yield_now` say.")
            .read(BUSY)
        });
    });
}

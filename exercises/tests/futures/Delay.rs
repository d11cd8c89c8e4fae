//! `Delay`: ready at its deadline, with one timer entry until then.

use super::*;
use exercises::futures::Delay;

#[test]
fn is_ready_at_its_deadline() {
    for time in [1, 30, 1000] {
        grade(async || {
            let (timer, waker) = (ManualTimer::new(), TestWaker::new());
            let mut answer = pin!(Delay::new(&timer, ms(time)));
            let _ = waker.poll(answer.as_mut());
            timer.advance(ms(time));
            let ready = waker.poll(answer.as_mut()).is_ready();
            check(ready, || {
                Failure::new(format!(
                    "A delay of {time} ms, polled when the timer shows {time} ms, should be ready; it is pending."
                ))
                .usually(
                    "that the deadline is compared with `>` where it should be `>=`, is computed again in each poll, or \
                     is compared with another clock than the given timer.",
                )
                .read(CONTRACT)
            });
        });
    }
}

#[test]
fn is_pending_before_its_deadline() {
    grade(async || {
        let (timer, waker) = (ManualTimer::new(), TestWaker::new());
        let mut answer = pin!(Delay::new(&timer, ms(30)));
        for now in [0, 10, 20, 29] {
            timer.advance(ms(now) - timer.now());
            let ready = waker.poll(answer.as_mut()).is_ready();
            check(!ready, || {
                Failure::new(format!(
                    "A delay of 30 ms was polled at {now} ms, without a wake-up; it should be pending, and is ready."
                ))
                .usually(
                    "that a second poll is taken for the wake-up of the timer. A future may be polled at any time: compare \
                     the deadline with the timer in each poll.",
                )
                .read(SPURIOUS)
            });
        }
    });
}

#[test]
fn wakes_at_its_deadline() {
    grade(async || {
        let (timer, waker) = (ManualTimer::new(), TestWaker::new());
        let mut answer = pin!(Delay::new(&timer, ms(30)));
        let _ = waker.poll(answer.as_mut());
        timer.advance(ms(29));
        check_not_woken(&waker);
        timer.advance(ms(1));
        let wakes = waker.wake_count();
        check(wakes == 1, || {
            let failure = Failure::new(format!(
                "At the deadline, 30 ms, the waker should be called once; it {}.",
                counted("called", wakes)
            ));
            if wakes == 0 {
                failure
                    .usually(
                        "that `Pending` is returned without giving the waker to the timer, so the task is never polled \
                         again.",
                    )
                    .read(NEVER_WOKEN)
            } else {
                failure
                    .usually("that it was given to the timer more than once.")
                    .read(CONTRACT)
            }
        });
    });
}

#[test]
fn registers_one_timer_entry() {
    grade(async || {
        let (timer, waker) = (ManualTimer::new(), TestWaker::new());
        let mut answer = pin!(Delay::new(&timer, ms(30)));
        for _ in 0..3 {
            let _ = waker.poll(answer.as_mut());
        }
        let deadlines = timer.deadlines();
        check(deadlines == [ms(30)], || {
            let failure = Failure::new(format!(
                "After three polls the timer should have one entry, for 30 ms; its entries are for {deadlines:?}."
            ));
            match deadlines.len() {
                0 => failure
                    .usually(
                        "that no entry is registered, or that the `TimerEntry` is dropped in the same poll, which \
                         removes it.",
                    )
                    .read(NEVER_WOKEN),
                1 => failure
                    .usually("that it is registered for another instant than the deadline.")
                    .read(CONTRACT),
                _ => failure
                    .usually(
                        "that each poll registers another entry and the earlier ones stay. Dropping a `TimerEntry` \
                         removes it.",
                    )
                    .read(STALE),
            }
        });
    });
}

#[test]
fn wakes_the_latest_waker() {
    every_waker_sequence(|| {
        let timer = ManualTimer::new();
        let delay = Delay::new(&timer, ms(30));
        (delay, move || timer.advance(ms(30)))
    });
}

#[test]
fn starts_when_it_is_created() {
    grade(async || {
        let (timer, waker) = (ManualTimer::new(), TestWaker::new());
        timer.advance(ms(5));
        let mut answer = pin!(Delay::new(&timer, ms(30)));
        timer.advance(ms(20));
        let _ = waker.poll(answer.as_mut());
        let deadlines = timer.deadlines();
        check(deadlines == [ms(35)], || {
            Failure::new(format!(
                "A delay of 30 ms created at 5 ms has its deadline at 35 ms, whenever it is polled; the first poll, at \
                 25 ms, registered entries for {deadlines:?}."
            ))
            .usually("that the deadline is computed in the first poll, or counted from zero.")
            .read(CONTRACT)
        });
    });
}

#[test]
fn registers_nothing_after_its_deadline() {
    grade(async || {
        let (timer, waker) = (ManualTimer::new(), TestWaker::new());
        for time in [0, 30] {
            let mut answer = pin!(Delay::new(&timer, ms(time)));
            timer.advance(ms(time));
            let ready = waker.poll(answer.as_mut()).is_ready();
            let wakes = waker.wake_count();
            check(ready && wakes == 0, || {
                Failure::new(format!(
                    "A delay whose deadline has passed before its first poll should be ready in that poll and wake \
                     nothing; it is {}, and the waker {}.",
                    if ready { "ready" } else { "pending" },
                    counted("called", wakes)
                ))
                .usually("that the entry is registered before the deadline is checked.")
                .read(CONTRACT)
            });
        }
    });
}

#[test]
fn leaves_nothing_behind_when_dropped() {
    for polled_twice in [false, true] {
        grade(async || {
            let (timer, waker) = (ManualTimer::new(), TestWaker::new());
            let mut answer = Box::pin(Delay::new(&timer, ms(30)));
            let _ = waker.poll(answer.as_mut());
            if polled_twice {
                let _ = waker.poll(answer.as_mut());
            }
            drop(answer);
            let (entries, wakers) = (timer.deadlines().len(), waker.live_wakers());
            check((entries, wakers) == (0, 0), || {
                Failure::new(format!(
                    "A dropped delay should leave no timer entry and no waker behind; it left {entries} and {wakers}."
                ))
                .usually(
                    "that the `TimerEntry` is kept where it is never dropped. A field of the delay is dropped with the \
                     delay.",
                )
                .read(STATES)
            });
        });
    }
}

//! `Delay`: ready at its end, with one alarm until then.

use super::*;
use exercises::futures::Delay;

#[test]
fn is_ready_at_its_end() {
    for time in [1, 30, 1000] {
        grade(async || {
            let (clock, bell) = (ManualTimer::new(), TestWaker::new());
            let mut answer = pin!(Delay::new(&clock, ms(time)));
            let _ = bell.poll(answer.as_mut());
            clock.advance(ms(time));
            let ready = bell.poll(answer.as_mut()).is_ready();
            check(ready, || {
                Failure::new(format!(
                    "A delay of {time} ms should be ready when {time} ms are over; it is pending."
                ))
                .usually(
                    "that the end is compared with `>` where it should be `>=`, moves on with each poll, or is looked up \
                     on another clock than the one that was given.",
                )
                .read(CONTRACT)
            });
        });
    }
}

#[test]
fn asked_too_early_it_is_not_ready() {
    grade(async || {
        let (clock, bell) = (ManualTimer::new(), TestWaker::new());
        let mut answer = pin!(Delay::new(&clock, ms(30)));
        for shown in [0, 10, 20, 29] {
            clock.advance(ms(shown) - clock.now());
            let ready = bell.poll(answer.as_mut()).is_ready();
            check(!ready, || {
                Failure::new(format!(
                    "A delay of 30 ms was polled at {shown} ms, for another reason than its end; it should be pending, \
                     and is ready."
                ))
                .usually(
                    "that being polled again is taken for having been rung. Anybody may poll at any time: look at the \
                     clock.",
                )
                .read(SPURIOUS)
            });
        }
    });
}

#[test]
fn rings_at_its_end() {
    grade(async || {
        let (clock, bell) = (ManualTimer::new(), TestWaker::new());
        let mut answer = pin!(Delay::new(&clock, ms(30)));
        let _ = bell.poll(answer.as_mut());
        clock.advance(ms(29));
        check_quiet(&bell);
        clock.advance(ms(1));
        let rings = bell.wake_count();
        check(rings == 1, || {
            Failure::new(format!(
                "At its end, 30 ms, the waker should be woken once; it was woken {}.",
                times(rings)
            ))
            .usually(
                "that it says `Pending` and leaves its waker with nobody: it is never polled again.",
            )
            .read(FORGOTTEN)
        });
    });
}

#[test]
fn sets_one_alarm() {
    grade(async || {
        let (clock, bell) = (ManualTimer::new(), TestWaker::new());
        let mut answer = pin!(Delay::new(&clock, ms(30)));
        for _ in 0..3 {
            let _ = bell.poll(answer.as_mut());
        }
        let alarms = clock.deadlines();
        check(alarms == [ms(30)], || {
            let miss = Failure::new(format!(
                "After three polls one alarm should be set, for 30 ms; these are: {alarms:?}."
            ));
            match alarms.len() {
                0 => miss
                    .usually("that no alarm is set, or that it is dropped in the same poll and taken down with that.")
                    .read(FORGOTTEN),
                1 => miss
                    .usually("that it is set for another instant than the end.")
                    .read(CONTRACT),
                _ => miss
                    .usually(
                        "that each poll sets another one, and the earlier ones stay. Whoever drops an `TimerEntry` takes it \
                         down.",
                    )
                    .read(STALE),
            }
        });
    });
}

#[test]
fn rings_the_latest_waker() {
    grade(async || {
        let clock = ManualTimer::new();
        let (before, latest) = (TestWaker::new(), TestWaker::new());
        let mut answer = pin!(Delay::new(&clock, ms(30)));
        let _ = before.poll(answer.as_mut());
        let _ = latest.poll(answer.as_mut());
        clock.advance(ms(30));
        check_latest_was_rung(&before, &latest);
    });
}

#[test]
fn begins_when_it_is_made() {
    grade(async || {
        let (clock, bell) = (ManualTimer::new(), TestWaker::new());
        clock.advance(ms(5));
        let mut answer = pin!(Delay::new(&clock, ms(30)));
        clock.advance(ms(20));
        let _ = bell.poll(answer.as_mut());
        let alarms = clock.deadlines();
        check(alarms == [ms(35)], || {
            Failure::new(format!(
                "A delay of 30 ms that was made at 5 ms ends at 35 ms, whenever it is polled; the first poll was at 25 \
                 ms, and set the alarms {alarms:?}."
            ))
            .usually("that the end is counted from the first poll, or from zero.")
            .read("event-loop.html#calling-an-async-function-does-nothing")
        });
    });
}

#[test]
fn a_wait_that_is_over_sets_no_alarm() {
    grade(async || {
        let (clock, bell) = (ManualTimer::new(), TestWaker::new());
        for wait in [0, 30] {
            let mut answer = pin!(Delay::new(&clock, ms(wait)));
            clock.advance(ms(wait));
            let ready = bell.poll(answer.as_mut()).is_ready();
            let rings = bell.wake_count();
            check(ready && rings == 0, || {
                Failure::new(format!(
                    "A delay whose end has come before its first poll should be ready at once, and wake nobody; it is {}, \
                     and the waker was woken {}.",
                    if ready { "ready" } else { "pending" },
                    times(rings)
                ))
                .usually("that the alarm is set before anybody has looked at the clock.")
                .read(CONTRACT)
            });
        }
    });
}

#[test]
fn leaves_nothing_behind() {
    for polled_early in [false, true] {
        grade(async || {
            let (clock, bell) = (ManualTimer::new(), TestWaker::new());
            let mut answer = Box::pin(Delay::new(&clock, ms(30)));
            let _ = bell.poll(answer.as_mut());
            if polled_early {
                let _ = bell.poll(answer.as_mut());
            }
            drop(answer);
            let (alarms, kept) = (clock.deadlines().len(), bell.live_wakers());
            check((alarms, kept) == (0, 0), || {
                Failure::new(format!(
                    "A delay that is dropped should leave no alarm and no waker behind; it left {alarms} and {kept}."
                ))
                .usually(
                    "that the `TimerEntry` was put where nobody drops it. Kept in the delay, it goes with the delay.",
                )
                .read(STATES)
            });
        });
    }
}

//! `LookupLimiter`: as many look-ups at the same time as the limit allows, and no more.

use super::*;
use exercises::semaphores::{LookupLimiter, ZeroLimit};

fn limiter(limit: usize) -> LookupLimiter {
    let created = LookupLimiter::new(limit);
    check(created.is_ok(), || {
        Failure::new(format!(
            "`new({limit})` should return a limiter; it returned an error."
        ))
    });
    created.expect("it was checked")
}

/// Makes four look-ups with a limiter for two.
async fn check_room_for_two(limiter: &LookupLimiter, after: &str) {
    let gauge = Gauge::new();
    let all = limiter.look_up_all(&[1, 2, 3, 4], async |_| {
        let _look_up = gauge.enter();
        sleep(ms(10)).await;
    });
    let ended = timeout(MINUTE, all).await.is_ok();
    check(ended && gauge.peak() == 2, || {
        Failure::new(format!(
            "After {after}, a new call should run two look-ups at the same time again; it ran {} at most.",
            gauge.peak()
        ))
        .usually(
            "that a permit is released by a line that was not reached, as with `forget` and `add_permits`. The guard \
             releases it in every case.",
        )
        .read(LOST_PERMITS)
    });
}

#[test]
fn a_limit_of_zero_is_an_error() {
    grade(async || {
        check(LookupLimiter::new(0).err() == Some(ZeroLimit), || {
            Failure::new("`new(0)` should return the error `ZeroLimit`; it returned a limiter.")
                .usually("that the number is passed on to a semaphore or a stream, which waits forever with it.")
                .read("semaphores-pitfalls.html#a-limit-of-zero")
        });
    });
}

#[test]
fn reaches_the_limit_and_never_exceeds_it() {
    for limit in [1, 2, 5, 8] {
        grade_cases(async |case| {
            let (limiter, gauge) = (limiter(limit), Gauge::new());
            limiter
                .look_up_all(&[1, 2, 3, 4, 5], async |_| {
                    let _look_up = gauge.enter();
                    sleep(ms(1 + case.below(4))).await;
                    case.turns().await;
                })
                .await;
            let expected = limit.min(5);
            check(gauge.peak() == expected, || {
                Failure::new(format!(
                    "With a limit of {limit}, {expected} of 5 look-ups should run at the same time; there were {}.",
                    gauge.peak()
                ))
                .usually(if gauge.peak() > expected {
                    "that a permit is released before its look-up ends, or that none is acquired."
                } else {
                    "that a look-up waits for another one although there are permits."
                })
                .read(if gauge.peak() > expected {
                    UNDERSCORE
                } else {
                    "semaphores.html#a-semaphore"
                })
            });
        });
    }
}

#[test]
fn two_calls_share_the_limit() {
    grade_cases(async |case| {
        let (limiter, gauge) = (limiter(3), Gauge::new());
        let call = async || {
            case.turns().await;
            let look_up = async |_| {
                let _look_up = gauge.enter();
                sleep(ms(10)).await;
            };
            limiter.look_up_all(&[1, 2, 3, 4], look_up).await;
        };
        case.join([call(), call()]).await;
        check(gauge.peak() == 3, || {
            Failure::new(format!(
                "Two calls of one limiter should share the limit of 3; together they had {} look-ups.",
                gauge.peak()
            ))
            .usually(
                "that each call has a limit of its own. All calls share the limit if there is one semaphore, in the \
                 limiter.",
            )
            .read("semaphores-stream-limits.html#a-limit-per-stream-is-not-a-shared-limit")
        });
    });
}

#[test]
fn a_look_up_starts_as_soon_as_there_is_room() {
    grade(async || {
        let (limiter, clock) = (limiter(3), Clock::start());
        let times = [20, 60, 20, 20, 60, 20];
        let results = limiter
            .look_up_all(&[0, 1, 2, 3, 4, 5], async |id| {
                let time = times[id as usize];
                sleep(ms(time)).await;
                if time == 60 { Err(id) } else { Ok(id) }
            })
            .await;
        let expected = [Ok(0), Err(1), Ok(2), Ok(3), Err(4), Ok(5)];
        check(results == expected, || {
            Failure::new(format!(
                "The results should be {expected:?}, in the order of `ids`; they were {results:?}."
            ))
            .usually("that the results are in completion order, or that failures are left out.")
            .read("gather.html#join_all")
        });
        let took = clock.elapsed();
        check(took == ms(80), || {
            Failure::new(format!(
                "Three at a time, look-ups of {times:?} ms should take 80 ms; they took {}.",
                in_ms(took)
            ))
            .usually(
                "that a look-up waits although there is room: for the slowest of a chunk, or for those before it in the \
                 list.",
            )
            .read("semaphores.html#chunks-wait-for-their-slowest-item")
        });
    });
}

#[test]
fn releases_its_permits_when_dropped() {
    drop_at_every_await(
        async || {
            let limiter = Arc::new(limiter(2));
            let mine = Arc::clone(&limiter);
            let call = async move {
                mine.look_up_all(&[1, 2, 3], async |n| sleep(ms(10 * u64::from(n))).await)
                    .await
            };
            (call, limiter)
        },
        async |limiter| check_room_for_two(&limiter, "the drop").await,
    );
}

#[test]
fn releases_its_permits_after_a_panic() {
    grade(async || {
        let limiter = limiter(2);
        let call = limiter.look_up_all(&[1, 2, 3], async |id| {
            sleep(ms(10)).await;
            assert!(id != 2, "there is no product 2");
        });
        let _ = AssertUnwindSafe(call).catch_unwind().await;
        check_room_for_two(&limiter, "a look-up that panicked").await;
    });
}

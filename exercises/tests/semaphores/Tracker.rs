//! `Tracker`: as many at the same time as the limit allows, and no more.

use super::*;
use exercises::semaphores::{Tracker, ZeroLimit};

fn tracker(limit: usize) -> Tracker {
    let made = Tracker::new(limit);
    check(made.is_ok(), || {
        Failure::new(format!(
            "A limit of {limit} should make a tracker; it was an error."
        ))
    });
    made.expect("it was checked")
}

/// All places are there: four look-ups, two at a time.
async fn check_two_places(tracker: &Tracker, after: &str) {
    let gauge = Gauge::new();
    let all = tracker.look_up_all(&[1, 2, 3, 4], async |_| {
        let _inside = gauge.enter();
        sleep(ms(10)).await;
    });
    let ended = timeout(MINUTE, all).await.is_ok();
    check(ended && gauge.peak() == 2, || {
        Failure::new(format!(
            "After {after}, both places should be free again; a new call had {}.",
            gauge.peak()
        ))
        .usually("that a permit was taken out of its guard, and is given back by a line that was not reached.")
        .read(BY_HAND)
    });
}

#[test]
fn a_limit_of_zero_is_an_error() {
    grade(async || {
        check(Tracker::new(0).err() == Some(ZeroLimit), || {
            Failure::new("A limit of 0 should be the error `ZeroLimit`; it made a tracker.")
                .usually("that the number goes on to something that waits for ever with it.")
                .read("semaphores-pitfalls.html#nought-is-no-number")
        });
    });
}

#[test]
fn reaches_the_limit_and_never_passes_it() {
    for limit in [1, 2, 5, 8] {
        shuffled(async |shuffle| {
            let (tracker, gauge) = (tracker(limit), Gauge::new());
            tracker
                .look_up_all(&[1, 2, 3, 4, 5], async |_| {
                    let _inside = gauge.enter();
                    sleep(ms(1 + shuffle.below(4))).await;
                    shuffle.turns().await;
                })
                .await;
            let expected = limit.min(5);
            check(gauge.peak() == expected, || {
                Failure::new(format!(
                    "With a limit of {limit}, of 5 look-ups {expected} should be under way at the same time; there were {}.",
                    gauge.peak()
                ))
                .usually(if gauge.peak() > expected {
                    "that a permit is dropped before the look-up ends, or that there is none."
                } else {
                    "that one look-up waits for another, though there are permits."
                })
                .read("semaphores-pitfalls.html#a-key-that-is-hung-back-at-once")
            });
        });
    }
}

#[test]
fn two_calls_share_the_limit() {
    shuffled(async |shuffle| {
        let (tracker, gauge) = (tracker(3), Gauge::new());
        let call = async || {
            shuffle.turns().await;
            let look_up = async |_| {
                let _inside = gauge.enter();
                sleep(ms(10)).await;
            };
            tracker.look_up_all(&[1, 2, 3, 4], look_up).await;
        };
        shuffle.join([call(), call()]).await;
        check(gauge.peak() == 3, || {
            Failure::new(format!(
                "Two calls of one tracker should share its limit of 3; together they had {}.",
                gauge.peak()
            ))
            .usually("that each call has a limit of its own. What all share is one semaphore in the tracker.")
            .read("semaphores-limits.html#two-lists-one-hill")
        });
    });
}

#[test]
fn a_place_is_taken_as_soon_as_it_is_free() {
    grade(async || {
        let (tracker, clock) = (tracker(3), Clock::start());
        let times = [20, 60, 20, 20, 60, 20];
        let given = tracker
            .look_up_all(&[0, 1, 2, 3, 4, 5], async |parcel| {
                let time = times[parcel as usize];
                sleep(ms(time)).await;
                if time == 60 { Err(parcel) } else { Ok(parcel) }
            })
            .await;
        let expected = [Ok(0), Err(1), Ok(2), Ok(3), Err(4), Ok(5)];
        check(given == expected, || {
            Failure::new(format!("The results should be {expected:?}, in the order of `parcels`; they were {given:?}."))
                .usually("that they stand in the order in which they were ready, or that failures are left out.")
                .read("gather.html#join_all")
        });
        let took = clock.elapsed();
        check(took == ms(80), || {
            Failure::new(format!(
                "Three at a time, look-ups of {times:?} ms should take 80 ms; they took {}.",
                in_ms(took)
            ))
            .usually("that a free place waits for others: for the slowest of a chunk, or for those in front in the list.")
            .read("semaphores.html#in-turn-or-by-threes")
        });
    });
}

#[test]
fn places_come_back_when_it_is_dropped() {
    drop_at_every_await(
        async || {
            let tracker = Arc::new(tracker(2));
            let mine = Arc::clone(&tracker);
            let call = async move {
                mine.look_up_all(&[1, 2, 3], async |n| sleep(ms(10 * u64::from(n))).await)
                    .await
            };
            (call, tracker)
        },
        async |tracker| check_two_places(&tracker, "the drop").await,
    );
}

#[test]
fn places_come_back_after_a_panic() {
    grade(async || {
        let tracker = tracker(2);
        let call = tracker.look_up_all(&[1, 2, 3], async |parcel| {
            sleep(ms(10)).await;
            assert!(parcel != 2, "the carrier has lost it");
        });
        let _ = AssertUnwindSafe(call).catch_unwind().await;
        check_two_places(&tracker, "a look-up that panicked").await;
    });
}

//! `TokenBucket`: how often, and not how many.

use super::*;
use exercises::semaphores::TokenBucket;

const EVERY: Duration = ms(100);

async fn times_of(bucket: &TokenBucket, takes: usize) -> Vec<u64> {
    let (clock, mut times) = (Clock::start(), Vec::new());
    for _ in 0..takes {
        bucket.take().await;
        times.push(clock.elapsed().as_millis() as u64);
    }
    times
}

#[test]
fn a_burst_then_one_by_one() {
    grade(async || {
        let times = times_of(&TokenBucket::new(3, EVERY), 6).await;
        check(times == [0, 0, 0, 100, 200, 300], || {
            Failure::new(format!(
                "From a full bucket of 3, one more each 100 ms, takes should come at [0, 0, 0, 100, 200, 300] ms; \
                 they came at {times:?}."
            ))
            .usually("that the bucket is not full at first, or that a token is missing or too many.")
            .read(BUCKET)
        });
    });
}

#[test]
fn a_quiet_time_fills_it_and_no_more() {
    grade(async || {
        let bucket = TokenBucket::new(3, EVERY);
        times_of(&bucket, 3).await;
        sleep(MINUTE).await;
        let times = times_of(&bucket, 5).await;
        check(times == [0, 0, 0, 100, 200], || {
            Failure::new(format!(
                "After a quiet minute there should be 3 tokens, and then one each 100 ms; takes came at {times:?} ms."
            ))
            .usually("that tokens pile up beyond the burst while nobody takes any, or that none come.")
            .read(BUCKET)
        });
    });
}

#[test]
fn every_window_is_bounded() {
    shuffled(async |shuffle| {
        let (bucket, clock) = (TokenBucket::new(3, EVERY), Clock::start());
        let times = RefCell::new(Vec::new());
        let callers = (0..12).map(async |_| {
            sleep(ms(shuffle.below(500))).await;
            shuffle.turns().await;
            if shuffle.drop_somewhere(bucket.take()).await.is_some() {
                times.borrow_mut().push(clock.elapsed());
            }
        });
        shuffle.join(callers).await;
        let times = times.into_inner();
        for (first, from) in times.iter().enumerate() {
            for (last, to) in times.iter().enumerate().skip(first) {
                let (count, window) = (last - first + 1, *to - *from);
                let most = 3 + (window.as_millis() / 100) as usize;
                check(count <= most, || {
                    Failure::new(format!(
                        "In {} there should be at most {most} takes, 3 and one each 100 ms; there were {count}.",
                        in_ms(window)
                    ))
                    .usually("that several who wait are let in for one token.")
                    .read(BUCKET)
                });
            }
        }
    });
}

#[test]
fn no_drift_in_an_hour() {
    grade(async || {
        let (bucket, clock) = (
            TokenBucket::new(1, Duration::from_micros(3_600_500)),
            Clock::start(),
        );
        for _ in 0..1000 {
            bucket.take().await;
        }
        let (took, due) = (clock.elapsed(), Duration::from_micros(3_600_500) * 999);
        check(took >= due && took < due + ms(2), || {
            Failure::new(format!(
                "1000 takes, one each 3600.5 ms, should be through after {}; it took {}.",
                in_ms(due),
                in_ms(took)
            ))
            .usually(
                "that each token is counted from the moment at which the one before it was taken. A timer is up to \
                 a millisecond late, and that adds up.",
            )
            .read(BUCKET)
        });
    });
}

#[test]
fn first_come_first_served() {
    grade(async || {
        let (bucket, order) = (TokenBucket::new(1, EVERY), RefCell::new(Vec::new()));
        bucket.take().await;
        join_all([30, 10, 40, 20].map(async |comes| {
            sleep(ms(comes)).await;
            bucket.take().await;
            order.borrow_mut().push(comes);
        }))
        .await;
        let order = order.into_inner();
        check(order == [10, 20, 30, 40], || {
            Failure::new(format!(
                "Callers of 10, 20, 30 and 40 ms should be served in that order; it was {order:?}."
            ))
            .usually("that all of them look again when their time is over, and whoever is polled first takes it.")
            .read("semaphores-permits.html#first-come-first-served")
        });
    });
}

#[test]
fn who_leaves_takes_no_token() {
    grade(async || {
        let (bucket, clock) = (TokenBucket::new(1, EVERY), Clock::start());
        bucket.take().await;
        let _ = timeout(ms(50), bucket.take()).await;
        bucket.take().await;
        let took = clock.elapsed();
        check(took == ms(100), || {
            Failure::new(format!(
                "Somebody left before their token came, so the next caller should have it at 100 ms; it was {}.",
                in_ms(took)
            ))
            .usually("that a token is counted as taken before the wait for it.")
            .read(GUARD)
        });
    });
}

#[test]
fn nothing_runs_in_the_background() {
    grade(async || {
        let tasks = Tasks::baseline();
        let bucket = TokenBucket::new(2, EVERY);
        bucket.take().await;
        let left = tasks.left_behind().await;
        check(left == 0, || {
            Failure::new(format!("A bucket should need no task; {left} runs."))
                .usually("that somebody fills it. How many tokens there are follows from the time.")
                .read(BUCKET)
        });
    });
}

//! `TokenBucket`: how often, not how many.

use super::*;
use exercises::semaphores::TokenBucket;

const EVERY: Duration = ms(100);

/// When each of `takes` calls returned, in milliseconds.
async fn times_of(bucket: &TokenBucket, takes: usize) -> Vec<u64> {
    let (clock, mut times) = (Clock::start(), Vec::new());
    for _ in 0..takes {
        bucket.take().await;
        times.push(clock.elapsed().as_millis() as u64);
    }
    times
}

#[test]
fn starts_with_a_burst_and_continues_at_the_rate() {
    grade(async || {
        let times = times_of(&TokenBucket::new(3, EVERY), 6).await;
        check(times == [0, 0, 0, 100, 200, 300], || {
            Failure::new(format!(
                "With a burst of 3 and a token every 100 ms, calls should return at [0, 0, 0, 100, 200, 300] ms; \
                 they returned at {times:?}."
            ))
            .usually(
                "that the bucket is not full at first, or that it has one token too few or too many.",
            )
            .read(TOKEN_BUCKET)
        });
    });
}

#[test]
fn a_quiet_period_fills_it_up_to_the_burst() {
    grade(async || {
        let bucket = TokenBucket::new(3, EVERY);
        times_of(&bucket, 3).await;
        sleep(MINUTE).await;
        let times = times_of(&bucket, 5).await;
        check(times == [0, 0, 0, 100, 200], || {
            Failure::new(format!(
                "After a quiet minute there should be 3 tokens, then one every 100 ms, so calls should return at \
                 [0, 0, 0, 100, 200] ms; they returned at {times:?}."
            ))
            .usually("that tokens accumulate beyond the burst while none are taken, or that none are added.")
            .read(TOKEN_BUCKET)
        });
    });
}

#[test]
fn never_exceeds_the_rate_in_any_period() {
    grade_cases(async |case| {
        let (bucket, clock) = (TokenBucket::new(3, EVERY), Clock::start());
        let times = RefCell::new(Vec::new());
        let callers = (0..12).map(async |_| {
            sleep(ms(case.below(500))).await;
            case.turns().await;
            if case.drop_somewhere(bucket.take()).await.is_some() {
                times.borrow_mut().push(clock.elapsed());
            }
        });
        case.join(callers).await;
        let times = times.into_inner();
        for (first, from) in times.iter().enumerate() {
            for (last, to) in times.iter().enumerate().skip(first) {
                let (count, period) = (last - first + 1, *to - *from);
                let most = 3 + (period.as_millis() / 100) as usize;
                check(count <= most, || {
                    Failure::new(format!(
                        "Within {} at most {most} calls should return: 3, and one for every 100 ms. There were {count}.",
                        in_ms(period)
                    ))
                    .usually("that several waiting callers take the same token.")
                    .read(TOKEN_BUCKET)
                });
            }
        }
    });
}

#[test]
fn delays_do_not_add_up() {
    grade(async || {
        let every = Duration::from_micros(3_600_500);
        let (bucket, clock) = (TokenBucket::new(1, every), Clock::start());
        for _ in 0..1000 {
            bucket.take().await;
        }
        let (took, due) = (clock.elapsed(), every * 999);
        check(took >= due && took < due + ms(2), || {
            Failure::new(format!(
                "1000 calls with a token every 3600.5 ms should take {}; they took {}.",
                in_ms(due),
                in_ms(took)
            ))
            .usually(
                "that each token is timed from the instant at which the caller before it woke up. A timer is up to a \
                 millisecond late, and that adds up.",
            )
            .read(TOKEN_BUCKET)
        });
    });
}

#[test]
fn first_come_first_served() {
    grade(async || {
        let (bucket, order) = (TokenBucket::new(1, EVERY), RefCell::new(Vec::new()));
        bucket.take().await;
        join_all([30, 10, 40, 20].map(async |arrives| {
            sleep(ms(arrives)).await;
            bucket.take().await;
            order.borrow_mut().push(arrives);
        }))
        .await;
        let order = order.into_inner();
        check(order == [10, 20, 30, 40], || {
            Failure::new(format!(
                "Callers that began to wait at 10, 20, 30 and 40 ms should be served in that order; the order was \
                 {order:?}."
            ))
            .usually("that each caller sleeps and then tries again, and the first one polled takes the token.")
            .read("semaphores-permits.html#first-come-first-served")
        });
    });
}

#[test]
fn a_cancelled_call_takes_no_token() {
    grade(async || {
        let (bucket, clock) = (TokenBucket::new(1, EVERY), Clock::start());
        bucket.take().await;
        let _ = timeout(ms(50), bucket.take()).await;
        bucket.take().await;
        let took = clock.elapsed();
        check(took == ms(100), || {
            Failure::new(format!(
                "A call was cancelled before its token was added, so the next caller should have that token at 100 ms; \
                 it had one at {}.",
                in_ms(took)
            ))
            .usually("that a token counts as taken before the caller waits for it.")
            .read(GUARD)
        });
    });
}

#[test]
fn needs_no_task() {
    grade(async || {
        let tasks = Tasks::baseline();
        let bucket = TokenBucket::new(2, EVERY);
        bucket.take().await;
        let left = tasks.left_behind().await;
        check(left == 0, || {
            Failure::new(format!(
                "No task should run in the background; {left} did."
            ))
            .usually("that a task adds the tokens. Their number follows from the time, so `take` can compute it.")
            .read(TOKEN_BUCKET)
        });
    });
}

//! `TokenBucket`: how often, not how many.

use super::*;
use exercises::semaphores::TokenBucket;
use grading::Case;

const EVERY: Duration = ms(100);

/// When each of `takes` calls returned, measured from `clock`.
async fn times_of(bucket: &TokenBucket, takes: usize, clock: Clock) -> Vec<Duration> {
    let mut times = Vec::with_capacity(takes);
    for _ in 0..takes {
        bucket.take().await;
        times.push(clock.elapsed());
    }
    times
}

/// A time between two tokens, not always a whole number of milliseconds.
fn every(case: &Case) -> Duration {
    ms(1) + case.duration("every 1 ms +", ms(199))
}

/// When a timer for `time` expires: on whole milliseconds.
fn rounded_up(time: Duration) -> Duration {
    ms(time.as_nanos().div_ceil(1_000_000) as u64)
}

/// `given` is what has happened to the bucket. The first wrong call is reported.
fn check_times(times: &[Duration], expected: &[Duration], given: &str, usually: &str) {
    let mut calls = times.iter().zip(expected).zip(1..);
    let wrong = calls.find(|((at, due), _)| at != due);
    check(wrong.is_none(), || {
        let ((at, due), call) = wrong.expect("one is wrong");
        Failure::new(format!(
            "{given}, call {call} should return at {}; it returned at {}.",
            in_ms(*due),
            in_ms(*at)
        ))
        .usually(usually)
        .read(TOKEN_BUCKET)
    });
}

#[test]
fn starts_with_a_burst_and_continues_at_the_rate() {
    grade_cases(async |case| {
        let (burst, every) = (case.size("burst", 1..=300), every(&case));
        let takes = case.size_near("calls", burst, 1..=300);
        let bucket = TokenBucket::new(burst as u32, every);
        let times = times_of(&bucket, takes, Clock::start()).await;
        let expected =
            (1..=takes).map(|take| rounded_up(every * take.saturating_sub(burst) as u32));
        let expected: Vec<_> = expected.collect();
        check_times(
            &times,
            &expected,
            &format!("With a burst of {burst} and a token every {every:?}"),
            "that the bucket is not full at first, that it has one token too few or too many, or that `every` is \
             rounded.",
        );
    });
}

#[test]
fn a_quiet_period_fills_it_up_to_the_burst() {
    grade_cases(async |case| {
        let (burst, every) = (case.size("burst", 1..=40), every(&case));
        let first = case.size_near("calls", burst, 1..=burst);
        let quiet = case.whole_ms("quiet for", 4000);
        let (bucket, clock) = (TokenBucket::new(burst as u32, every), Clock::start());
        times_of(&bucket, first, clock).await;
        sleep(quiet).await;
        let times = times_of(&bucket, burst + 2, clock).await;
        // Tokens are added `every` after the bucket stopped being full: at the start or, if it was full again, now.
        let added = (quiet.as_nanos() / every.as_nanos()) as usize;
        let (missing, from) = if added >= first {
            (0, quiet)
        } else {
            (first - added, every * added as u32)
        };
        let there = burst - missing;
        let expected = (1..=burst + 2).map(|take| match take.saturating_sub(there) {
            0 => quiet,
            late => rounded_up(from + every * late as u32),
        });
        let expected: Vec<_> = expected.collect();
        check_times(
            &times,
            &expected,
            &format!(
                "{first} calls took tokens of a burst of {burst}, one is added every {every:?}, and it was quiet for {}. \
                 After that",
                in_ms(quiet)
            ),
            "that tokens accumulate beyond the burst while none are taken, or that none are added.",
        );
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
    grade_cases(async |case| {
        let count = case.size("callers", 1..=90);
        let arrivals = case.permutation("callers arrive", count);
        let (bucket, order) = (TokenBucket::new(1, EVERY), RefCell::new(Vec::new()));
        bucket.take().await;
        join_all(arrivals.iter().map(async |arrives| {
            sleep(ms(*arrives as u64)).await;
            bucket.take().await;
            order.borrow_mut().push(*arrives);
        }))
        .await;
        let order = order.into_inner();
        check(order.is_sorted(), || {
            Failure::new(format!(
                "{count} callers began to wait, one each millisecond, and should be served in that order; the order was \
                 {}.",
                grading::list(order.iter().map(usize::to_string))
            ))
            .usually("that each caller sleeps and then tries again, and the first one polled takes the token.")
            .read("semaphores-permits.html#first-come-first-served")
        });
    });
}

#[test]
fn a_cancelled_call_takes_no_token() {
    grade_cases(async |case| {
        let callers = case.size("callers", 2..=20);
        let cancelled = case.size("cancelled caller", 1..=callers - 1);
        // Before the cancellation at 50 ms, or after it.
        let behind = case.duration("those behind it begin to wait at", ms(99));
        let (bucket, clock) = (TokenBucket::new(1, EVERY), Clock::start());
        bucket.take().await;
        let times = join_all((1..=callers).map(async |caller| {
            if caller == cancelled {
                let _ = timeout(ms(50), bucket.take()).await;
                return None;
            }
            if caller > cancelled && !behind.is_zero() {
                sleep(behind).await;
            }
            bucket.take().await;
            Some(clock.elapsed())
        }))
        .await;
        let times: Vec<_> = times.into_iter().flatten().collect();
        let expected: Vec<_> = (1..callers as u32).map(|number| EVERY * number).collect();
        check(times == expected, || {
            Failure::new(format!(
                "Of {callers} callers, number {cancelled} was cancelled at 50 ms, before its token was added. The others \
                 should have the tokens, one each 100 ms from 100 ms on; the times were {}.",
                grading::list(times.iter().map(|time| in_ms(*time)))
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

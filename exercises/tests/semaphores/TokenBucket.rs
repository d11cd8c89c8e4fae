//! `TokenBucket`: how often, not how many.

use super::*;
use std::pin::Pin;

use exercises::semaphores::TokenBucket;
use grading::{Case, TestWaker};

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

/// A time between two tokens, not always a whole number of milliseconds, and perhaps less than one.
fn every(case: &Case) -> Duration {
    let divided_by = *case.pick("divided by", &[1, 1000]);
    (ms(1) + case.duration("every 1 ms +", ms(199))) / divided_by
}

/// From when on the time to the next token counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Timed {
    TokenBefore,
    WakeUp,
    Call,
    Creation,
}

/// When calls one after the other return, of a bucket that is right or has one mistake.
struct Expected {
    every: Duration,
    burst: usize,
    /// How many tokens are there, and since when one more is on its way.
    tokens: usize,
    since: Duration,
    counted: Timed,
}

impl Expected {
    fn full(burst: usize, every: Duration) -> Self {
        Self {
            every,
            burst,
            tokens: burst,
            since: Duration::ZERO,
            counted: Timed::TokenBefore,
        }
    }

    /// Buckets with one mistake each, and what it is.
    fn mistaken(burst: usize, every: Duration) -> Vec<(Self, &'static str)> {
        let counted = |counted, usually| {
            (
                Self {
                    counted,
                    ..Self::full(burst, every)
                },
                usually,
            )
        };
        let mut mistaken = vec![
            counted(
                Timed::WakeUp,
                "that each token is timed from the instant at which the caller before it woke up. A timer is up to a millisecond late, \
                 and that adds up.",
            ),
            counted(
                Timed::Call,
                "that the next token is timed from the call that found the one before it, and not from when that one was added.",
            ),
            counted(
                Timed::Creation,
                "that tokens are added at fixed times after the creation. The first is added `every` after the bucket stopped being full.",
            ),
        ];
        let up = rounded_up(every);
        let down = ms(every.as_millis() as u64);
        for (rounded, usually) in [
            (up, "that `every` is rounded up."),
            (down, "that `every` is rounded down."),
        ] {
            if rounded != every && !rounded.is_zero() {
                mistaken.push((Self::full(burst, rounded), usually));
            }
        }
        mistaken
    }

    /// When a call returns that is made at `now`.
    fn take(&mut self, now: Duration) -> Duration {
        let missing = self.burst - self.tokens;
        let added = (now.saturating_sub(self.since).as_nanos() / self.every.as_nanos()) as usize;
        if added >= missing {
            (self.tokens, self.since) = (self.burst, now);
        } else {
            self.tokens += added;
            self.since += self.every * added as u32;
        }
        match self.counted {
            Timed::Creation => {
                let whole = now.as_nanos() / self.every.as_nanos();
                self.since = self.every * whole as u32;
            }
            Timed::Call if added > 0 => self.since = now,
            _ => {}
        }
        if self.tokens > 0 {
            self.tokens -= 1;
            return now;
        }
        // It takes the next token when that is added, although the timer expires later.
        self.since += self.every;
        if self.counted == Timed::Creation {
            // It is one of those that have been added when the timer expires.
            let (first, due) = (self.since, rounded_up(self.since));
            let added = 1 + ((due - first).as_nanos() / self.every.as_nanos()) as usize;
            self.tokens = added.min(self.burst) - 1;
            self.since = first + self.every * (added as u32 - 1);
            return due;
        }
        if self.counted == Timed::WakeUp {
            self.since = rounded_up(self.since);
        }
        rounded_up(self.since)
    }

    /// When `takes` calls return, the first of which is made at `now`.
    fn times_of(&mut self, takes: usize, mut now: Duration) -> Vec<Duration> {
        let mut times = Vec::with_capacity(takes);
        for _ in 0..takes {
            now = self.take(now);
            times.push(now);
        }
        times
    }
}

/// When a timer for `time` expires: on whole milliseconds.
fn rounded_up(time: Duration) -> Duration {
    ms(time.as_nanos().div_ceil(1_000_000) as u64)
}

/// `calls` tells when they return, of a bucket with this burst and this time between tokens, and `given` what has happened to it.
/// The first wrong call is reported. `usually` may know what its number means.
fn check_times(
    times: &[Duration],
    (burst, every): (usize, Duration),
    calls: impl Fn(Expected) -> Vec<Duration>,
    given: &str,
    usually: impl FnOnce(usize) -> Option<&'static str>,
) {
    let expected = &calls(Expected::full(burst, every));
    let mistake = || {
        let mut mistaken = Expected::mistaken(burst, every).into_iter();
        mistaken.find_map(|(bucket, usually)| (calls(bucket) == times).then_some(usually))
    };
    let mut calls = times.iter().zip(expected).zip(1..);
    let wrong = calls.find(|((at, due), _)| at != due);
    check(wrong.is_none(), || {
        let ((at, due), call) = wrong.expect("one is wrong");
        let together = times.iter().filter(|other| *other == at).count();
        let failure = Failure::new(format!(
            "{given}, call {call} should return at {}; it returned at {}.",
            in_ms(*due),
            in_ms(*at)
        ));
        // One waits for a token, and the others take what is there.
        let accumulate = (at < due && together > burst + 1)
            .then_some("that tokens accumulate beyond the burst.");
        let does_not_wait = (at < due && every < ms(1) && call > 1 && times[call - 2] == *at)
            .then_some("that `every` is rounded down to whole milliseconds.");
        let accumulate = accumulate.or(does_not_wait);
        match mistake().or(accumulate).or_else(|| usually(call)) {
            Some(usually) => failure.usually(usually),
            None => failure,
        }
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
        check_times(
            &times,
            (burst, every),
            |mut bucket| bucket.times_of(takes, Duration::ZERO),
            &format!("With a burst of {burst} and a token every {every:?}"),
            |call| {
                (call <= burst)
                    .then_some("that the bucket is not full at first, or has too few tokens.")
            },
        );
    });
}

#[test]
fn any_burst_and_any_time_between_tokens() {
    grade_cases(async |case| {
        let burst = 1 + case.number("burst is 1 +", u64::from(u32::MAX) - 1) as usize;
        let every = *case.pick("every", &[ms(1), ms(5000), 10 * MINUTE]);
        let takes = case.size("calls", 1..=4);
        let bucket = TokenBucket::new(burst as u32, every);
        let times = times_of(&bucket, takes, Clock::start()).await;
        check_times(
            &times,
            (burst, every),
            |mut bucket| bucket.times_of(takes, Duration::ZERO),
            &format!("With a burst of {burst} and a token every {every:?}"),
            |_| Some("that `burst` or `every` is kept in a type that is too small."),
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
        let calls = |mut bucket: Expected| {
            bucket.times_of(first, Duration::ZERO);
            bucket.times_of(burst + 2, quiet)
        };
        let at_once = |times: &[Duration]| times.iter().filter(|at| **at == quiet).count();
        let (there, due) = (
            at_once(&times),
            at_once(&calls(Expected::full(burst, every))),
        );
        check_times(
            &times,
            (burst, every),
            calls,
            &format!(
                "{first} of {burst} tokens were taken at 0 ms, one is added every {every:?}, and it was quiet for {}. After that",
                in_ms(quiet)
            ),
            |_| {
                let none_added = there == burst - first && there < due;
                none_added.then_some("that no tokens are added while none are taken.")
            },
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

/// Keeps the calls that are pending.
fn poll_all<F: Future>(waker: &TestWaker, calls: &mut Vec<Pin<Box<F>>>) {
    // A call that is ready may let the next one go on.
    loop {
        let before = calls.len();
        calls.retain_mut(|call| waker.poll(call.as_mut()).is_pending());
        if calls.len() == before {
            return;
        }
    }
}

/// Waiting callers of a bucket with a burst of 1, which are polled by hand.
#[test]
fn a_late_wake_up_delays_no_token() {
    grade_cases(async |case| {
        let every = ms(1) + case.whole_ms("every 1 ms +", 49);
        let count = case.size("callers", 1..=12);
        let polls = case.size("polls of all", 1..=12);
        let pauses = case.whole_ms_each("pauses before them", polls, 120);
        let (bucket, clock, waker) = (TokenBucket::new(1, every), Clock::start(), TestWaker::new());
        bucket.take().await;
        let mut calls: Vec<_> = (0..count).map(|_| Box::pin(bucket.take())).collect();
        poll_all(&waker, &mut calls);
        for pause in pauses {
            sleep(pause).await;
            poll_all(&waker, &mut calls);
            let added = (clock.elapsed().as_nanos() / every.as_nanos()) as usize;
            let (expected, returned) = (added.min(count), count - calls.len());
            check(returned == expected, || {
                Failure::new(format!(
                    "{} at 0 ms, when the only token is gone, and a token is added every {every:?}. They are polled at {}, some of \
                     them late: by then, {expected} should have returned; the number is {returned}.",
                    match count {
                        1 => "A call begins to wait".to_owned(),
                        count => format!("{count} calls begin to wait"),
                    },
                    in_ms(clock.elapsed())
                ))
                .usually(if returned < expected {
                    "that a waiting caller's token counts from when that caller was woken. It was added earlier, and so was the one \
                     after it."
                } else {
                    "that several waiting callers take the same token."
                })
                .read(TOKEN_BUCKET)
            });
        }
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

/// A caller of `take`, in whole milliseconds.
#[derive(Clone, Copy)]
struct Caller {
    /// When it begins to wait: at an even number, and after the caller before it.
    begins: u64,
    /// When it is cancelled, unless it has a token by then: at an odd number.
    cancelled: Option<u64>,
}

/// When each caller of a bucket with this burst, and a token every 100 ms, has its token.
fn served(burst: usize, callers: &[Caller]) -> Vec<Option<Duration>> {
    let mut served = vec![None; callers.len()];
    let mut waiting = std::collections::VecDeque::new();
    let (mut tokens, mut since) = (burst, 0);
    let last = callers.last().map_or(0, |caller| caller.begins);
    for now in 0..=last + 100 * (callers.len() as u64 + 1) {
        if tokens < burst && now == since + 100 {
            tokens += 1;
            since = now;
        }
        waiting.extend((0..callers.len()).filter(|caller| callers[*caller].begins == now));
        waiting.retain(|caller| callers[*caller].cancelled != Some(now));
        while tokens > 0
            && let Some(caller) = waiting.pop_front()
        {
            if tokens == burst {
                since = now;
            }
            tokens -= 1;
            served[caller] = Some(ms(now));
        }
    }
    served
}

/// When each of these callers of a new bucket has its token.
async fn serve(burst: usize, callers: &[Caller]) -> Vec<Option<Duration>> {
    let (bucket, clock) = (TokenBucket::new(burst as u32, EVERY), Clock::start());
    let calls = callers.iter().map(async |caller| {
        sleep(ms(caller.begins)).await;
        let limit = caller
            .cancelled
            .map_or(30 * MINUTE, |at| ms(at - caller.begins));
        timeout(limit, bucket.take()).await.ok()?;
        Some(clock.elapsed())
    });
    join_all(calls).await
}

#[test]
fn a_cancelled_call_leaves_nothing_behind() {
    grade_cases(async |case| {
        let burst = case.size("burst", 1..=3);
        let count = case.size("callers", 2..=12);
        let pauses = case.whole_ms_each("half of the time before each of them", count, 60);
        let patience = case.whole_ms_each(
            "1 ms and twice this until it is cancelled, unless it is 0",
            count,
            75,
        );
        let mut begins = 0;
        let callers: Vec<_> = pauses
            .iter()
            .zip(patience)
            .map(|(pause, patience)| {
                begins += 2 + 2 * pause.as_millis() as u64;
                let patience = patience.as_millis() as u64;
                let cancelled = (patience > 0).then_some(begins + 1 + 2 * patience);
                Caller { begins, cancelled }
            })
            .collect();
        let (seen, expected) = (serve(burst, &callers).await, served(burst, &callers));
        let mut stay = callers.clone();
        stay.retain(|caller| caller.cancelled.is_none());
        let without = serve(burst, &stay).await == served(burst, &stay);
        check(seen == expected, || {
            let wrong = (0..count).find(|caller| seen[*caller] != expected[*caller]);
            let wrong = wrong.unwrap_or_default();
            let told = |at: Option<Duration>| {
                at.map_or("never".to_owned(), |at| format!("at {}", in_ms(at)))
            };
            let calls = callers.iter().map(|caller| match caller.cancelled {
                Some(at) => format!("{} to {at} ms", caller.begins),
                None => format!("{} ms", caller.begins),
            });
            Failure::new(format!(
                "With a burst of {burst} and a token every 100 ms, callers begin to wait at {}. (One that begins to wait \"2 to 5 ms\" is \
                 cancelled at 5 ms if it has no token by then.) When number {} has its token should be: {}; it was: {}.",
                grading::list(calls),
                wrong + 1,
                told(expected[wrong]),
                told(seen[wrong])
            ))
            .usually_if(without.then_some(
                "that a call which is cancelled leaves something behind: a token that counts as taken, a place in the queue, or \
                 another instant for the next token. Without the cancelled calls, the same callers are served as they should be.",
            ))
            .read(GUARD)
        });
    });
}

#[test]
fn a_finished_call_keeps_no_turn() {
    grade_cases(async |case| {
        let burst = case.size("burst", 1..=3);
        let (bucket, clock) = (TokenBucket::new(burst as u32, EVERY), Clock::start());
        let mut finished = Vec::new();
        let mut times = Vec::new();
        for _ in 0..burst + 2 {
            let taken = timeout(MINUTE, await_and_keep(bucket.take())).await;
            finished.extend(taken.map(|((), future)| future));
            times.push(clock.elapsed());
        }
        let expected = Expected::full(burst, EVERY).times_of(burst + 2, Duration::ZERO);
        check(times == expected, || {
            let shown = |times: &[Duration]| grading::list(times.iter().map(|time| in_ms(*time)));
            Failure::new(format!(
                "With a burst of {burst} and a token every 100 ms, calls one after the other should return at {}, also if the futures of \
                 those before are not dropped yet; they returned at {}.",
                shown(&expected),
                shown(&times)
            ))
            .usually("that a future that is ready still has the turn, or a lock, until it is dropped.")
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

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
    let all = look_up_all(limiter, &[1, 2, 3, 4], async |_| {
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
            "that the code that releases a permit does not run then, such as a line after the look-up that calls \
             `add_permits`. The guard releases it in every case.",
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
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=300);
        let count = case.size_near("ids", limit, 1..=300);
        let (limiter, gauge, running, case) = (limiter(limit), Gauge::new(), Gauge::new(), &case);
        look_up_all(&limiter, &vec![7; count], |_| {
            // Begins with the call, not with the first poll: an `AsyncFn` may be either.
            let look_up = gauge.enter();
            let running = &running;
            async move {
                let _running = running.enter();
                sleep(ms(1 + case.below(4))).await;
                case.turns().await;
                drop(look_up);
            }
        })
        .await;
        let (peak, expected) = (gauge.peak(), limit.min(count));
        check(peak == expected, || {
            Failure::new(format!(
                "With a limit of {limit}, {expected} of {count} look-ups should run at the same time; there were {peak}."
            ))
            .usually(if running.peak() > expected {
                "that a look-up runs without a permit: one that is not kept in a variable is released before its look-up ends."
            } else if peak > expected {
                "that `look_up` is called before a permit is acquired, and only what it returns is awaited with one."
            } else {
                "that a look-up waits for another one although there are permits."
            })
            .read(if peak > expected {
                UNDERSCORE
            } else {
                "semaphores.html#a-semaphore"
            })
        });
    });
}

/// How `Semaphore` ends: it has a limit of its own.
const HIGHEST: u64 = tokio::sync::Semaphore::MAX_PERMITS as u64;

#[test]
fn a_limit_may_be_any_number() {
    grade_cases(async |case| {
        let limit = 1 + case.number("limit is 1 +", HIGHEST - 1);
        let count = case.size("ids", 0..=40);
        let ids = case.numbers("which", count, u32::MAX.into());
        let ids: Vec<_> = ids.into_iter().map(|id| id as u32).collect();
        let results = limiter(limit as usize)
            .look_up_all(&ids, async |id| id)
            .await;
        check(results == ids, || {
            Failure::new(format!(
                "With a limit of {limit}, each of the ids {} should be looked up; the results were those of {}.",
                grading::list(ids.iter().map(u32::to_string)),
                grading::list(results.iter().map(u32::to_string))
            ))
            .read("gather.html#join_all")
        });
    });
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
            look_up_all(&limiter, &[1, 2, 3, 4], look_up).await;
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

/// Whether the third of three look-ups, for two of which there is room, waits for the second, although the first has ended.
async fn waits_for_a_chunk() -> bool {
    let (limiter, clock, third) = (limiter(2), Clock::start(), Cell::default());
    let look_up = async |id: u32| match id {
        0 => sleep(ms(10)).await,
        1 => sleep(ms(30)).await,
        _ => third.set(clock.elapsed()),
    };
    look_up_all(&limiter, &[0, 1, 2], look_up).await;
    third.get() != ms(10)
}

#[test]
fn a_look_up_starts_as_soon_as_there_is_room() {
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=40);
        let count = case.size_near("ids", limit, 1..=100);
        let times = case.whole_ms_each("times", count, 50);
        let (limiter, clock) = (limiter(limit), Clock::start());
        let (starts, ends) = (RefCell::default(), RefCell::default());
        let ids: Vec<u32> = (0..count as u32).collect();
        let look_up = async |id: u32| {
            let now = |list: &RefCell<Vec<Duration>>| list.borrow_mut().push(clock.elapsed());
            now(&starts);
            sleep(times[id as usize]).await;
            now(&ends);
        };
        look_up_all(&limiter, &ids, look_up).await;
        let (starts, ends): (Vec<Duration>, Vec<Duration>) = (starts.take(), ends.take());
        let waits_for_a_chunk = waits_for_a_chunk().await;
        for end in &ends {
            let until = |list: &[Duration]| list.iter().filter(|time| *time <= end).count();
            let (started, ended) = (until(&starts), until(&ends));
            let due = count.min(limit + ended);
            check(started == due, || {
                Failure::new(format!(
                    "With a limit of {limit}, {ended} of {count} look-ups have ended by {}, so {due} should have started; \
                     {started} had.",
                    in_ms(*end)
                ))
                .usually(if waits_for_a_chunk {
                    "that a look-up waits although there is room: for the slowest of a chunk."
                } else {
                    "that a look-up waits although there is room: for those before it in the list."
                })
                .read("semaphores.html#chunks-wait-for-their-slowest-item")
            });
        }
    });
}

#[test]
fn each_end_makes_room_for_another_call() {
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=40);
        let first = case.below(limit as u64) as usize;
        let (limiter, clock) = (limiter(limit), Clock::start());
        let ids: Vec<u32> = (0..limit as u32).collect();
        let call = look_up_all(&limiter, &ids, async |id| {
            sleep(ms(if id as usize == first { 10 } else { 100 })).await;
        });
        let other = async {
            sleep(ms(5)).await;
            let starts = look_up_all(&limiter, &[7], async |_| clock.elapsed()).await;
            starts[0]
        };
        let (_, start) = tokio::join!(biased; call, other);
        check(start == ms(10), || {
            Failure::new(format!(
                "With a limit of {limit}, one call has {limit} look-ups, and that of id {first} ends at 10 ms, before the others. The \
                 look-up of another call should start then; it started at {}.",
                in_ms(start)
            ))
            .usually("that a permit is kept after its look-up has ended.")
            .read(GUARD)
        });
    });
}

/// A look-up that waits for room, and belongs to a call with a look-up that runs for longer.
#[test]
fn each_end_makes_room_for_a_call_that_has_look_ups() {
    grade_cases(async |case| {
        let limit = case.size("limit", 2..=40);
        let own = case.size("look-ups of the call that run already", 1..=limit - 1);
        let (limiter, clock) = (limiter(limit), Clock::start());
        // The other call has the rest of the room.
        let of_the_other = vec![0; limit - own];
        let other = look_up_all(&limiter, &of_the_other, async |_| sleep(ms(10)).await);
        let ids: Vec<u32> = (0..=own as u32).collect();
        let waits_for_room = own as u32;
        let start = Cell::new(Duration::ZERO);
        let call = look_up_all(&limiter, &ids, async |id| {
            if id == waits_for_room {
                start.set(clock.elapsed());
            } else {
                sleep(ms(100)).await;
            }
        });
        tokio::join!(biased; other, call);
        let start = start.get();
        check(start == ms(10), || {
            Failure::new(format!(
                "With a limit of {limit}, a call has {own} look-ups that run for 100 ms, and one more for which there is no room. \
                 Those of another call, which have the rest of the room, end at 10 ms, so it should start then; it started at {}.",
                in_ms(start)
            ))
            .usually(
                "that a call with look-ups of its own waits for one of those to end, and not for room. Another call may leave room, too.",
            )
            .read("semaphores-stream-limits.html#a-limit-per-stream-is-not-a-shared-limit")
        });
    });
}

#[test]
fn a_finished_call_keeps_no_room() {
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=40);
        let ids = vec![7; case.size_near("ids", limit, 1..=80)];
        let limiter = limiter(limit);
        let (_, _finished) =
            await_and_keep(limiter.look_up_all(&ids, async |_| sleep(ms(1)).await)).await;
        let next = look_up_all(&limiter, &ids, async |_| sleep(ms(1)).await);
        let ended = timeout(MINUTE, next).await.is_ok();
        check(ended, || {
            Failure::new(
                "A call has returned, and its future is not dropped yet. The look-ups of the next call should end; they did not \
                 within a minute.",
            )
            .usually("that permits are kept in the future until that is dropped, and not until their look-ups end.")
            .read(GUARD)
        });
    });
}

#[test]
fn waits_for_its_look_ups_and_nothing_else() {
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=4);
        let count = case.size("ids", 0..=20);
        let (limiter, ids) = (limiter(limit), vec![7; count]);
        let call = Counted::new(look_up_all(&limiter, &ids, async |_| sleep(ms(1000)).await));
        let counts = call.counts();
        call.await;
        counts.check_polls(4 * count + 10, "semaphores.html#a-semaphore");
    });
    grade(async || {
        let limiter = limiter(1);
        let full = look_up_all(&limiter, &[7], async |_| sleep(ms(100)).await);
        let without_ids = async {
            let clock = Clock::start();
            let _: Vec<u32> = look_up_all(&limiter, &[], async |id| id).await;
            clock.elapsed()
        };
        let (_, took) = tokio::join!(biased; full, without_ids);
        check(took.is_zero(), || {
            Failure::new(format!(
                "A call without ids has no look-up to wait for, and should return at once; it took {}, while there was no room.",
                in_ms(took)
            ))
            .usually("that a call acquires a permit before a look-up needs it.")
            .read("semaphores.html#a-semaphore")
        });
    });
}

#[test]
fn keeps_the_order_of_ids() {
    grade_cases(async |case| {
        let limit = case.size("limit", 1..=40);
        let count = case.size_near("ids", limit, 0..=40);
        let ids = case.numbers("which", count, u32::MAX.into());
        let ids: Vec<_> = ids.into_iter().map(|id| id as u32).collect();
        let fails = |id: &u32| id % 3 == 1;
        let ends = RefCell::new(Vec::new());
        let results = limiter(limit)
            .look_up_all(&ids, async |id| {
                sleep(ms(case.below(20))).await;
                let result = if fails(&id) { Err(id) } else { Ok(id) };
                ends.borrow_mut().push(result);
                result
            })
            .await;
        let ends = ends.into_inner();
        let expected = ids
            .iter()
            .map(|id| if fails(id) { Err(*id) } else { Ok(*id) });
        let expected: Vec<_> = expected.collect();
        check(results == expected, || {
            let listed = |results: &[Result<u32, u32>]| {
                grading::list(results.iter().map(|result| format!("{result:?}")))
            };
            let failure = Failure::new(format!(
                "The results should be {}, in the order of `ids`; they were {}.",
                listed(&expected),
                listed(&results)
            ));
            let by_id = |result: &Result<u32, u32>| result.unwrap_or_else(|id| id);
            if results == ends && results.len() == expected.len() {
                failure.usually("that the results are in completion order.")
            } else if results.len() == expected.len() && results.is_sorted_by_key(by_id) {
                failure.usually("that the results are in the order of the numbers.")
            } else if results.len() < expected.len() && results.iter().all(Result::is_ok) {
                failure.usually("that failures are left out, or end the look-ups.")
            } else if ends.len() < expected.len() || results.len() < expected.len() {
                failure.usually("that equal ids share a look-up, or a place in a map.")
            } else {
                failure
            }
            .read("gather.html#join_all")
        });
    });
}

#[test]
fn releases_its_permits_when_dropped() {
    drop_at_every_await(
        async || {
            let (limiter, gauge) = (Arc::new(limiter(2)), Gauge::new());
            let (mine, running) = (Arc::clone(&limiter), gauge.clone());
            let call = async move {
                look_up_all(&mine, &[1, 2, 3], async |n| {
                    let _look_up = running.enter();
                    sleep(ms(10 * u64::from(n))).await;
                })
                .await
            };
            (call, (limiter, gauge))
        },
        async |(limiter, gauge)| {
            let left = gauge.now();
            check(left == 0, || {
                Failure::new(format!(
                    "When the future is dropped, its look-ups should be dropped; {left} of them still exist."
                ))
                .read(GUARD)
            });
            check_room_for_two(&limiter, "the drop").await;
        },
    );
}

#[test]
fn releases_its_permits_after_a_panic() {
    grade(async || {
        let limiter = limiter(2);
        let call = look_up_all(&limiter, &[1, 2, 3], async |id| {
            sleep(ms(10)).await;
            assert!(id != 2, "there is no product 2");
        });
        let _ = AssertUnwindSafe(call).catch_unwind().await;
        check_room_for_two(&limiter, "a look-up that panicked").await;
    });
}

async fn look_up_all<T>(
    limiter: &LookupLimiter,
    ids: &[u32],
    look_up: impl AsyncFn(u32) -> T,
) -> Vec<T> {
    let look_up = &look_up;
    look_up_all_boxed(limiter, ids, &|id| Box::pin(look_up(id))).await
}

/// Has one type of look-up, so that the answer is compiled once instead of for every call.
#[expect(
    clippy::redundant_closure,
    reason = "a `dyn Fn` is no `AsyncFn`, and a closure that calls it is one"
)]
async fn look_up_all_boxed<'a, T>(
    limiter: &LookupLimiter,
    ids: &[u32],
    look_up: &dyn Fn(u32) -> LocalBoxFuture<'a, T>,
) -> Vec<T> {
    // Not an async closure: it would call `look_up` at its first poll.
    limiter.look_up_all(ids, |id| look_up(id)).await
}

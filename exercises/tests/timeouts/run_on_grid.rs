//! `run_on_grid`: a periodic job that never overlaps itself and never leaves the grid.

use super::*;
use exercises::timeouts::run_on_grid;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What an answer has done: when each run began, and with which number.
struct Seen {
    starts: Vec<(Duration, u32)>,
    /// When each run was polled for the first time.
    polled: Vec<Duration>,
    peak: usize,
    /// How many runs came to their end before the last start.
    ended: usize,
}

/// Runs a job that takes these times, one after the other, up to the start of the run after them.
async fn run(period: Duration, durations: &[Duration]) -> Seen {
    let (log, polled, running) = (Log::start(), Log::start(), Gauge::new());
    let ended = Arc::new(AtomicUsize::new(0));
    let job = |n| {
        let run = log.len();
        if run <= durations.len() {
            log.add(n);
        }
        let (duration, running) = (durations.get(run).copied(), running.clone());
        let (polled, ended) = (polled.clone(), Arc::clone(&ended));
        async move {
            polled.add(());
            let Some(duration) = duration else {
                return std::future::pending().await;
            };
            let _running = running.enter();
            if !duration.is_zero() {
                sleep(duration).await;
            }
            ended.fetch_add(1, Ordering::Relaxed);
        }
    };
    let until: Duration = durations
        .iter()
        .map(|duration| *duration + 2 * period)
        .sum();
    let _ = timeout(until + 2 * period, run_on_grid(period, job)).await;
    let starts = log.take();
    Seen {
        polled: polled.take().iter().map(|(at, ())| *at).collect(),
        peak: running.peak(),
        ended: ended.load(Ordering::Relaxed),
        starts,
    }
}

fn expected(period: Duration, durations: &[Duration]) -> Vec<(Duration, u32)> {
    let mut starts = vec![(Duration::ZERO, 0)];
    let mut n = 0_u32;
    for &duration in durations {
        let end = period * n + duration;
        let rounded_up = end.as_nanos().div_ceil(period.as_nanos()) as u32;
        n = (n + 1).max(rounded_up);
        starts.push((period * n, n));
    }
    starts
}

/// Compares when the runs began, and their numbers.
fn check_starts(
    seen: &Seen,
    period: Duration,
    durations: &[Duration],
    usually: impl Into<Option<&'static str>>,
    read: &str,
) {
    check(seen.peak <= 1, || {
        Failure::new(format!(
            "With a period of {} and runs of {}, one run should be in progress at a time; there were {}.",
            in_ms(period),
            shown_times(durations),
            seen.peak
        ))
        .usually("that each run is a task of its own, so that a slow one does not hold up the next. Await it instead.")
        .read(OVERLAPS)
    });
    let expected = expected(period, durations);
    check(seen.starts == expected, || {
        let same_times = seen
            .starts
            .iter()
            .map(|(at, _)| at)
            .eq(expected.iter().map(|(at, _)| at));
        let failure = Failure::new(format!(
            "With a period of {} and runs of {}, these should start: {}; these did: {}.",
            in_ms(period),
            shown_times(durations),
            runs(&expected),
            runs(&seen.starts)
        ));
        match seen.starts.first() {
            Some((at, _)) if !at.is_zero() => failure
                .usually("that the answer waits for a period before the first run.")
                .read(FIRST_TICK),
            _ if same_times => failure
                .usually(
                    "that `n` counts the runs, or belongs to a tick that was returned late. It counts the instants of the \
                     grid, with those that are skipped.",
                )
                .read(SKIP),
            _ if seen.polled.len() >= expected.len()
                && seen.polled.iter().zip(&expected).all(|(polled, (at, _))| polled == at) =>
            {
                failure
                    .usually(
                        "that `job(n)` is called before its instant, and only its future waits. Call it when the time has come.",
                    )
                    .read(FIRST_TICK)
            }
            _ if seen.ended + 1 < seen.starts.len() => failure
                .usually(
                    "that a run is dropped before its end, by a timeout around it, say. It is awaited to its end, however long it takes.",
                )
                .read(SKIP),
            _ => failure.usually_if(usually.into()).read(read),
        }
    });
}

fn runs(starts: &[(Duration, u32)]) -> String {
    shown(starts, |n| format!("run {n}"))
}

fn shown_times(durations: &[Duration]) -> String {
    list(durations.iter().map(|duration| in_ms(*duration)))
}

/// From 2 to 101 ms.
fn period(case: &Case) -> Duration {
    ms(2) + case.whole_ms("period beyond 2 ms", 99)
}

#[test]
fn runs_on_the_grid() {
    grade_cases(async |case| {
        let period = period(&case);
        let count = case.size("runs", 1..=40);
        let longest = period.as_millis() as u64 - 1;
        let durations: Vec<_> = case
            .whole_ms_each("taking", count, longest)
            .into_iter()
            .map(|duration| duration.max(ms(1)))
            .collect();
        let seen = run(period, &durations).await;
        let (mut now, mut drifting) = (Duration::ZERO, Vec::new());
        for taking in &durations {
            drifting.push(now);
            now += *taking + period;
        }
        let drifts = seen
            .starts
            .iter()
            .map(|(at, _)| at)
            .zip(&drifting)
            .all(|(at, drifting)| at == drifting);
        check_starts(
            &seen,
            period,
            &durations,
            drifts.then_some(
                "that the answer sleeps for a period after each run, so that the time of the run is added.",
            ),
            DRIFT,
        );
    });
}

#[test]
fn skips_what_a_slow_run_misses() {
    grade_cases(async |case| {
        let period = period(&case);
        let over = case.size("periods that the slow run takes", 1..=300) as u32;
        let rest = ms(1) + case.whole_ms("and beyond 1 ms", period.as_millis() as u64 - 2);
        let durations = [ms(1), period * over + rest, ms(1), ms(1)];
        let seen = run(period, &durations).await;
        let end = period + durations[1];
        let usually = match seen.starts.get(2) {
            Some((at, _)) if *at == end => starts_off_the_grid(period, durations[1]).await,
            _ => None,
        };
        check_starts(&seen, period, &durations, usually, SKIP);
    });
}

/// Why the run after one that takes `time` starts at the end of that one, off the grid: which shorter runs are followed
/// by one that does so, too.
async fn starts_off_the_grid(period: Duration, time: Duration) -> Option<&'static str> {
    let over = (time.as_nanos() / period.as_nanos()) as u32;
    let rest = time - period * over;
    let mut late = [false; 2];
    for (late, over) in late.iter_mut().zip([1, 5]) {
        let time = period * over + rest;
        let seen = run(period, &[time]).await;
        *late = seen.starts.get(1).is_some_and(|(at, _)| *at == time);
    }
    match late {
        [true, true] => Some(
            "that instants which have passed are not skipped, so that the run after a slow one starts at once, between two \
             instants of the grid. An `interval` does so: with `Burst` all missed ticks are returned, with `Skip` and `Delay` \
             the first of them.",
        ),
        [false, true] => {
            Some("that one instant is skipped at most. A run may miss several of them.")
        }
        [false, false] if over > 5 => Some(
            "that the number of the instant, or the time that has passed, is kept in a type which is too small for it.",
        ),
        _ => None,
    }
}

#[test]
fn a_run_may_take_days() {
    grade_cases(async |case| {
        // A minute and more, because `n` is a `u32`.
        let period = Duration::from_secs(60) + case.whole_ms("period beyond a minute", 60_000);
        let rest = ms(1) + case.whole_ms("beyond 1 ms", 50_000);
        let durations = [ms(1), rest + case.long_time("and"), ms(1), ms(1)];
        let seen = run(period, &durations).await;
        let end = period + durations[1];
        let usually = match seen.starts.get(2) {
            Some((at, _)) if *at == end => starts_off_the_grid(period, durations[1]).await,
            _ => None,
        };
        check_starts(&seen, period, &durations, usually, SKIP);
    });
}

#[test]
fn a_run_that_ends_on_the_grid_skips_nothing() {
    grade_cases(async |case| {
        let period = period(&case);
        let over = case.size("periods that each run takes", 1..=40) as u32;
        let durations = [period * over; 3];
        let seen = run(period, &durations).await;
        let usually = match seen.starts == expected(period, &durations) {
            true => None,
            false => skips_the_present().await,
        };
        check_starts(&seen, period, &durations, usually, SKIP);
    });
}

/// Why a run that ends on the grid skips an instant: whether it always does.
async fn skips_the_present() -> Option<&'static str> {
    let mut skips = Vec::new();
    for over in 2..=9 {
        let period = ms(40 + u64::from(over));
        let durations = [period * over; 3];
        let late = run(period, &durations).await.starts;
        let late = late.iter().zip(expected(period, &durations)).skip(1);
        skips.extend(late.map(|((at, _), (expected, _))| *at > expected));
    }
    if skips.iter().all(|skips| *skips) {
        Some(
            "that an instant of the grid which is now is taken for one that has passed. The next run starts at that instant.",
        )
    } else {
        skips.contains(&true).then_some(
            "that periods are counted in floating point, which is not exact: at some instants, and not at others, one that is \
             now is taken for one that has passed.",
        )
    }
}

#[test]
fn a_run_that_takes_no_time_is_not_repeated() {
    grade_cases(async |case| {
        let (period, count) = (period(&case), case.size("runs", 1..=12));
        let durations = vec![Duration::ZERO; count];
        let seen = run(period, &durations).await;
        let again = run(period, &[Duration::ZERO; 3]).await;
        let repeats = again.starts.iter().all(|(at, n)| at.is_zero() && *n == 0);
        check_starts(
            &seen,
            period,
            &durations,
            (repeats && again.starts.len() > 3).then_some(
                "that the next instant is computed from the clock alone. A run that took no time ends at its own instant, and \
                 the next one is a period later.",
            ),
            SKIP,
        );
    });
}

#[test]
fn any_durations() {
    grade_cases(async |case| {
        let period = period(&case);
        let count = case.size("runs", 0..=40);
        let durations = case.whole_ms_each("taking", count, 250);
        let seen = run(period, &durations).await;
        check_starts(&seen, period, &durations, None, SKIP);
    });
}

#[test]
fn stops_when_dropped() {
    drop_at_every_await(
        async || {
            let (log, tasks) = (Log::start(), Tasks::baseline());
            let spawned = Arc::new(AtomicUsize::new(0));
            let (ended, in_task) = (log.clone(), Arc::clone(&spawned));
            let answer = async move {
                let job = |n| {
                    let (ended, in_task) = (ended.clone(), Arc::clone(&in_task));
                    async move {
                        in_task.fetch_add(
                            usize::from(tokio::task::try_id().is_some()),
                            Ordering::Relaxed,
                        );
                        sleep(ms(70)).await;
                        ended.add(n);
                    }
                };
                let _ = timeout(ms(260), run_on_grid(ms(100), job)).await;
            };
            (answer, (log, tasks, spawned))
        },
        async |(log, tasks, spawned)| {
            let spawned = spawned.load(Ordering::Relaxed) > 0;
            let dropped = log.clock().elapsed();
            let before = log.len();
            let left = tasks.left_behind().await;
            sleep(ms(500)).await;
            let more = log.len() - before;
            check((left, more) == (0, 0), || {
                Failure::new(format!(
                    "The future was dropped after {}, and the run in progress should be dropped with it; {} more ended, and \
                     {left} of its tasks were alive.",
                    in_ms(dropped),
                    more,
                ))
                .usually_if(if spawned {
                    Some("that a run was spawned: dropping the handle of a task does not stop it.")
                } else {
                    Some("that a destructor spawns the run in progress, which goes on as a task.")
                })
                .read(RUNS_ON)
            });
        },
    );
}

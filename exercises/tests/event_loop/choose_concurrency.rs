//! `choose_concurrency`: how long each way takes is not computed here but measured, in virtual time.

use std::time::Duration;

use super::*;
use exercises::event_loop::{Choice, Workload, choose_concurrency};
use futures::future::join_all;
use tokio::sync::Semaphore;

/// From the simplest to the most complex.
const WAYS: [Choice; 4] = [
    Choice::Sequential,
    Choice::Async,
    Choice::Threads,
    Choice::AsyncWithThreads,
];

const MAX_THREADS: u32 = 1000;

fn workload(jobs: u32, wait: u64, compute_us: u64) -> Workload {
    Workload {
        jobs,
        wait: ms(wait),
        compute: Duration::from_micros(compute_us),
    }
}

/// Whether the system has room for the threads.
fn is_possible(way: Choice, jobs: u32) -> bool {
    way != Choice::Threads || jobs <= MAX_THREADS
}

/// Runs the workload and returns how long that takes; `None` if the system has no room for its threads.
async fn run(way: Choice, workload: Workload) -> Option<Duration> {
    let clock = Clock::start();
    let Workload {
        jobs,
        wait,
        compute,
    } = workload;
    if !is_possible(way, jobs) {
        return None;
    }
    let cores = match way {
        Choice::Sequential => {
            // Running jobs one after the other takes as long as one long wait.
            sleep((wait + compute) * jobs).await;
            return Some(clock.elapsed());
        }
        Choice::Async => 1,
        Choice::Threads | Choice::AsyncWithThreads => 4,
    };
    let cores = Semaphore::new(cores);
    join_all((0..jobs).map(async |_| {
        sleep(wait).await;
        let _core = cores.acquire().await;
        sleep(compute).await;
    }))
    .await;
    Some(clock.elapsed())
}

/// The ways that take at most a tenth longer than the fastest one, the simplest first, and the fastest time.
async fn good_ways(workload: Workload) -> (Vec<Choice>, Duration) {
    let mut times = Vec::new();
    for way in WAYS {
        if let Some(time) = run(way, workload).await {
            times.push((way, time));
        }
    }
    let fastest = times
        .iter()
        .map(|(_, time)| *time)
        .min()
        .unwrap_or_default();
    // Timers count in whole milliseconds.
    let good = times
        .iter()
        .filter(|(_, time)| *time <= fastest * 11 / 10 + ms(1));
    (good.map(|(way, _)| *way).collect(), fastest)
}

#[test]
fn no_other_way_is_faster() {
    for workload in [
        workload(100, 100, 0),
        workload(8, 0, 100_000),
        workload(2_000, 1_000, 2_000),
        workload(1_000, 100, 10_000),
        workload(20, 100, 1_000),
        workload(2, 50, 50_000),
    ] {
        grade(async || {
            let choice = choose_concurrency(workload);
            let (good, fastest) = good_ways(workload).await;
            let Some(time) = run(choice, workload).await else {
                return;
            };
            check(good.contains(&choice), || {
                let failure = Failure::new(format!(
                    "{workload:?} takes {fastest:?} with {:?}; with your choice, {choice:?}, it takes {time:?}.",
                    good[0]
                ));
                match choice {
                    Choice::Sequential => failure.usually(
                        "that the gain was underestimated: with `Sequential` nothing overlaps, neither the waits nor \
                         the computations.",
                    ),
                    _ => failure.usually(
                        "that the time for computing was left out. On one thread waits overlap, but computations do \
                         not.",
                    ),
                }
                .read("event-loop.html#when-to-use-async")
            });
        });
    }
}

#[test]
fn no_simpler_way_is_as_fast() {
    for workload in [
        workload(1, 50, 1_000),
        workload(100, 1_000, 1_000),
        workload(1_001, 1_000, 0),
        workload(8, 1, 100_000),
        workload(20, 1_000, 4_000),
        workload(0, 100, 1_000),
    ] {
        grade(async || {
            let choice = choose_concurrency(workload);
            let (good, fastest) = good_ways(workload).await;
            check(choice == good[0] || !good.contains(&choice), || {
                Failure::new(format!(
                    "{workload:?} takes {fastest:?} at best. {:?} is within a tenth of that, and simpler than your \
                     choice, {choice:?}.",
                    good[0]
                ))
                .usually(
                    "that the fastest way was chosen, or the same way for every workload. Where little or nothing \
                     can overlap, a simpler way takes hardly longer.",
                )
                .read("event-loop.html#when-to-use-async")
            });
        });
    }
}

#[test]
fn never_needs_more_than_1000_threads() {
    for workload in [
        workload(1_001, 1_000, 2_000),
        workload(3_000, 500, 0),
        workload(5_000, 0, 1_000),
    ] {
        grade(async || {
            let choice = choose_concurrency(workload);
            check(is_possible(choice, workload.jobs), || {
                Failure::new(format!(
                    "For {workload:?} your choice, {choice:?}, needs {} threads; the system has room for {MAX_THREADS}.",
                    workload.jobs
                ))
                .usually(
                    "that the limit on threads was left out. With `AsyncWithThreads`, any number of jobs needs only \
                     five threads.",
                )
                .read("event-loop.html#ten-thousand-tasks-on-one-thread")
            });
        });
    }
}

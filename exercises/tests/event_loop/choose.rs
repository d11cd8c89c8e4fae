//! `choose`: what each way takes is not computed here but run, in virtual time.

use std::time::Duration;

use super::*;
use exercises::event_loop::{Choice, Workload, choose};
use futures::future::join_all;
use tokio::sync::Semaphore;

/// From the simplest to the one with most parts.
const WAYS: [Choice; 4] = [
    Choice::InTurn,
    Choice::Async,
    Choice::Threads,
    Choice::AsyncWithThreads,
];

const MOST_THREADS: u32 = 1000;

fn workload(jobs: u32, wait: u64, compute_us: u64) -> Workload {
    Workload {
        jobs,
        wait: ms(wait),
        compute: Duration::from_micros(compute_us),
    }
}

/// Does the workload, and gives how long that takes; `None` if the system has no room for its threads.
async fn run(way: Choice, workload: Workload) -> Option<Duration> {
    let clock = Clock::start();
    let Workload {
        jobs,
        wait,
        compute,
    } = workload;
    let cores = match way {
        Choice::InTurn => {
            // One job after the other is one long wait.
            sleep((wait + compute) * jobs).await;
            return Some(clock.elapsed());
        }
        Choice::Async => 1,
        Choice::Threads if jobs > MOST_THREADS => return None,
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

/// The ways that take no more than a tenth longer than the fastest, the simplest first, with the fastest.
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
fn it_is_as_fast_as_any() {
    for workload in [
        workload(100, 100, 0),
        workload(8, 0, 100_000),
        workload(2_000, 1_000, 2_000),
        workload(1_000, 100, 10_000),
        workload(20, 100, 1_000),
        workload(2, 50, 50_000),
    ] {
        grade(async || {
            let choice = choose(workload);
            let (good, fastest) = good_ways(workload).await;
            let Some(time) = run(choice, workload).await else {
                return;
            };
            check(good.contains(&choice), || {
                let miss = Failure::new(format!(
                    "{workload:?} was done in {fastest:?} by {:?}; by your choice, {choice:?}, it took {time:?}.",
                    good[0]
                ));
                match choice {
                    Choice::InTurn => miss.usually("that nothing overlaps: not the waits, and not the computing."),
                    _ => miss.usually(
                        "that the computing was forgotten. On one thread waits overlap, and computing does not.",
                    ),
                }
                .read("event-loop.html#when-it-helps")
            });
        });
    }
}

#[test]
fn nothing_simpler_would_do() {
    for workload in [
        workload(1, 50, 1_000),
        workload(100, 1_000, 1_000),
        workload(1_001, 1_000, 0),
        workload(8, 1, 100_000),
        workload(20, 1_000, 4_000),
        workload(0, 100, 1_000),
    ] {
        grade(async || {
            let choice = choose(workload);
            let (good, fastest) = good_ways(workload).await;
            check(choice == good[0] || !good.contains(&choice), || {
                Failure::new(format!(
                    "{workload:?} takes {fastest:?} at best. {:?} is as fast as that within a tenth, and simpler \
                     than your choice, {choice:?}.",
                    good[0]
                ))
                .usually("that what your choice gains over the simpler one is little or nothing.")
                .read("event-loop.html#when-it-helps")
            });
        });
    }
}

#[test]
fn there_is_room_for_its_threads() {
    for workload in [
        workload(1_001, 1_000, 2_000),
        workload(3_000, 500, 0),
        workload(5_000, 0, 1_000),
    ] {
        grade(async || {
            let choice = choose(workload);
            check(run(choice, workload).await.is_some(), || {
                Failure::new(format!(
                    "For {workload:?} your choice, {choice:?}, needs {} threads; the system has room for {MOST_THREADS}.",
                    workload.jobs
                ))
                .usually("that a thread was taken for something that costs nothing. Tasks can wait, and four threads compute, for any number of jobs.")
                .read("event-loop.html#current_thread-and-multi_thread")
            });
        });
    }
}

//! Grades the chapter `queues`: one module for each exercise, one test for each promise of its contract.
//!
//! A probe records what the stages do with which job, and when. Tests whose name ends in `in_any_order` are
//! run with two hundred seeds, each of which produces another order of polls; a report names the seed.

use std::task::Poll;
use std::time::Duration;

use grading::stages::{Job, Output, Probe, Stage, StorageFull, output_of};
use grading::{
    Clock, Counted, Failure, Gauge, Tasks, TestWaker, check, drop_at_every_await, grade, ms,
    shuffled, times,
};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

#[path = "queues/BloodBank.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod BloodBank;
#[path = "queues/UrgentFirst.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod UrgentFirst;
#[path = "queues/drain_close.rs"]
mod drain_close;
#[path = "queues/pipeline.rs"]
mod pipeline;
#[path = "queues/worker_pool.rs"]
mod worker_pool;

const BACKPRESSURE: &str = "queues.html#a-chute-that-holds-two-sacks";
const CLOSING: &str = "queues.html#closing";
const RESERVED: &str = "queues.html#without-waiting-and-a-place-first";
const ONESHOT: &str = "queues-tools.html#oneshot";
const POOL: &str = "queues-patterns.html#a-worker-pool";
const DRAIN: &str = "queues-patterns.html#close-then-drain";
const ACTOR: &str = "queues-actors.html#an-actor";
const PRIORITY: &str = "queues-actors.html#a-fast-lane";
const PIPELINE: &str = "queues-actors.html#a-pipeline";
const BY_HAND: &str = "queues-inside.html#by-hand";
const KEPT_SENDER: &str = "queues-pitfalls.html#a-sender-that-nobody-uses";
const LOCK: &str = "queues-pitfalls.html#the-lock-that-comes-along";
const GROWS: &str = "queues-lost.html#a-queue-that-grows";

/// Puts jobs of these numbers into the queue as soon as there is room. Gives those back that were refused.
async fn send_all(queue: mpsc::Sender<Job>, numbers: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let mut refused = Vec::new();
    for number in numbers {
        if let Err(mpsc::error::SendError(Job(number))) = queue.send(Job(number)).await {
            refused.push(number);
        }
    }
    refused
}

/// A queue with these jobs in it, and closed.
fn closed_queue(numbers: impl IntoIterator<Item = u32>) -> mpsc::Receiver<Job> {
    let numbers: Vec<u32> = numbers.into_iter().collect();
    let (queue, jobs) = mpsc::channel(numbers.len().max(1));
    for number in numbers {
        queue
            .try_send(Job(number))
            .expect("there is room for all of them");
    }
    jobs
}

/// How long `future` took, and what came out. `None` if it is not ready within the time.
async fn within<F: Future>(time: Duration, future: F) -> (Option<F::Output>, Duration) {
    let clock = Clock::start();
    let output = timeout(time, future).await.ok();
    (output, clock.elapsed())
}

/// A job for each of these numbers was at the stage exactly once.
fn check_exactly_once(probe: &Probe, stage: Stage, numbers: &[u32], page: &str) {
    let seen = sorted(&probe.finished(stage));
    check(seen == sorted(numbers), || {
        let begun = sorted(&probe.started(stage));
        let lost = numbers
            .iter()
            .filter(|number| !seen.contains(number))
            .count();
        let miss = Failure::new(format!(
            "Each of the jobs {} should be {} exactly once; {} were.",
            told(numbers),
            done_at(stage),
            told(&seen)
        ));
        if begun.windows(2).any(|pair| pair[0] == pair[1]) {
            miss.usually("that a job was begun a second time, after its first time was given up.")
        } else if lost > 0 {
            miss.usually(
                "that jobs were taken out and dropped, or left in a queue when everybody had gone. A loop that \
                 ends when the queue looks empty leaves behind what comes a moment later.",
            )
        } else {
            miss.usually("that somebody makes jobs of their own.")
        }
        .read(page)
    });
}

/// There is one output for each of these numbers, in any order.
fn check_outputs(seen: &[Output], numbers: &[u32], page: &str) {
    let seen: Vec<u32> = seen.iter().map(|output| output.job.0).collect();
    check(sorted(&seen) == sorted(numbers), || {
        Failure::new(format!(
            "There should be one output for each of the jobs {}; there are outputs for {}.",
            told(numbers),
            told(&seen)
        ))
        .usually(
            "that it returned before the last job was processed, or that an output was dropped on its way.",
        )
        .read(page)
    });
}

/// After the end, or a drop: no task is alive and no stage is at work.
async fn check_nothing_runs_on(probe: &Probe, tasks: Tasks, when: &str) {
    let left = tasks.left_behind().await;
    let busy: usize = [Stage::Prepare, Stage::Process, Stage::Store]
        .map(|stage| probe.in_progress(stage))
        .iter()
        .sum();
    check(left == 0 && busy == 0, || {
        Failure::new(format!(
            "{when} nothing should be left of it; {} alive, and {} under way.",
            match left {
                1 => "1 task is".to_owned(),
                left => format!("{left} tasks are"),
            },
            match busy {
                1 => "1 job is".to_owned(),
                busy => format!("{busy} jobs are"),
            }
        ))
        .usually("that a task was spawned and its handle dropped. A `JoinSet` aborts its tasks when it is dropped.")
        .read("gather-pitfalls.html#spawned-tasks-run-on")
    });
}

fn done_at(stage: Stage) -> &'static str {
    match stage {
        Stage::Prepare => "prepared",
        Stage::Process => "processed",
        Stage::Store => "stored",
    }
}

fn sorted(numbers: &[u32]) -> Vec<u32> {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers
}

/// `1 to 6` if they are many and in a row, `1, 3, 2`, or `none`.
fn told(numbers: &[u32]) -> String {
    let row = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    match numbers {
        [] => "none".to_owned(),
        [first, .., last] if row && numbers.len() > 3 => format!("{first} to {last}"),
        _ => numbers
            .iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// `70 ms`
fn in_ms(time: Duration) -> String {
    format!("{} ms", time.as_nanos() as f64 / 1e6)
}

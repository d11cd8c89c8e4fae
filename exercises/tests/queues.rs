//! Grades the chapter `queues`: one module for each exercise, one test for each promise of its contract.
//!
//! A probe records what the stages do with which job, and when. Tests whose name ends in `in_any_order` are
//! run with two hundred seeds, each of which produces another order of polls; a report names the seed.

use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use grading::stages::{Job, Output, Probe, Stage, StorageFull, output_of};
use grading::{
    Case, Clock, Counted, Failure, Gauge, Tasks, TestWaker, check, counted, drop_at_every_await,
    drop_one_of_many, explained, grade, grade_cases, in_ms, ms, plural, times, were,
};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

#[path = "queues/BoundedPriorityQueue.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod BoundedPriorityQueue;
#[path = "queues/InventoryActor.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod InventoryActor;
#[path = "queues/drain_and_close.rs"]
mod drain_and_close;
#[path = "queues/inventory_traffic.rs"]
mod inventory_traffic;
#[path = "queues/pipeline.rs"]
mod pipeline;
#[path = "queues/priority_script.rs"]
mod priority_script;
#[path = "queues/priority_traffic.rs"]
mod priority_traffic;
#[path = "queues/shutdown_script.rs"]
mod shutdown_script;
#[path = "queues/worker_pool.rs"]
mod worker_pool;

const POLLING: &str = "queues.html#polling-a-shared-list";
const BACKPRESSURE: &str = "queues.html#bounded-channels-and-backpressure";
const CLOSING: &str = "queues.html#closing-a-channel";
const RESERVE: &str = "queues-try-send.html#reserve-a-slot-before-the-value";
const ONESHOT: &str = "queues-oneshot-broadcast-watch.html#oneshot";
const POOL: &str = "queues-worker-pools.html#a-worker-pool";
const DRAIN: &str = "queues-worker-pools.html#close-then-drain";
const ACTOR: &str = "queues-actors.html#an-actor";
const CANCELLED_CALLER: &str = "queues-actors.html#a-caller-that-is-cancelled";
const PRIORITY: &str = "queues-priority-queues.html#more-priorities-a-binaryheap";
const PIPELINE: &str = "queues-pipelines.html#a-pipeline";
const BUILD: &str = "queues-build-channel.html#a-bounded-channel-by-hand";
const KEPT_SENDER: &str = "queues-pitfalls.html#a-forgotten-sender-keeps-the-channel-open";
const LOCK: &str = "queues-pitfalls.html#while-let-holds-the-lock-while-the-job-runs";
const GROWTH: &str = "queues-unbounded-growth.html#an-unbounded-channel-hides-a-slow-consumer";

type BoxedFuture<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Sends jobs with these numbers as soon as the queue has free slots. Returns the numbers of those that came back.
async fn send_all(queue: mpsc::Sender<Job>, numbers: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let mut refused = Vec::new();
    for number in numbers {
        if let Err(mpsc::error::SendError(Job(number))) = queue.send(Job(number)).await {
            refused.push(number);
        }
    }
    refused
}

/// A closed queue with these jobs in it.
fn closed_queue(numbers: impl IntoIterator<Item = u32>) -> mpsc::Receiver<Job> {
    let numbers: Vec<u32> = numbers.into_iter().collect();
    let (queue, jobs) = mpsc::channel(numbers.len().max(1));
    for number in numbers {
        queue
            .try_send(Job(number))
            .expect("the queue has a slot for each of them");
    }
    jobs
}

/// The output of `future`, or `None` if it is not ready within `limit`, and how long it took.
async fn within<F: Future>(limit: Duration, future: F) -> (Option<F::Output>, Duration) {
    let clock = Clock::start();
    let output = timeout(limit, future).await.ok();
    (output, clock.elapsed())
}

/// One of these times is long, and the others are a millisecond each. Returns its place, and all times.
///
/// No contract of this chapter has a limit for a time.
fn one_long_time<const N: usize>(case: &Case, names: [&str; N]) -> (usize, [Duration; N]) {
    let long = *case.pick("what takes long", &names);
    let place = names.iter().position(|name| *name == long).unwrap_or(0);
    let mut times = [ms(1); N];
    times[place] += case.long_time("extra time");
    (place, times)
}

/// `stage` finished exactly one job with each of these numbers.
fn check_exactly_once(probe: &Probe, stage: Stage, numbers: &[u32], page: &str) {
    let finished = sorted(&probe.finished(stage));
    check(finished == sorted(numbers), || {
        let (started, cancelled) = (probe.started(stage), probe.cancelled(stage));
        let mut seen = format!(
            "Each of the jobs {} should be {} exactly once; {}.",
            list(numbers),
            done_at(stage),
            match &*finished {
                [] => "none was".to_owned(),
                [one] => format!("{one} was"),
                several => format!("{} were", list(several)),
            }
        );
        let lost = numbers.iter().filter(|number| !finished.contains(number));
        let (dropped, not_started): (Vec<u32>, Vec<u32>) =
            lost.partition(|number| started.contains(number));
        if !not_started.is_empty() {
            seen += &format!(" Never started: {}.", list(&not_started));
        }
        let failure = Failure::new(seen);
        let twice = sorted(&started).windows(2).any(|pair| pair[0] == pair[1]);
        if dropped.iter().any(|number| cancelled.contains(number)) {
            failure.usually("that a job is dropped while a stage works on it.")
        } else if twice && !cancelled.is_empty() {
            failure
                .usually("that a job was started a second time, after its first run was dropped.")
        } else {
            failure
        }
        .read(page)
    });
}

/// There is one output for each of these numbers, in any order.
fn check_outputs(outputs: &[Output], numbers: &[u32], page: &str) {
    let seen: Vec<u32> = outputs.iter().map(|output| output.job.0).collect();
    check(sorted(&seen) == sorted(numbers), || {
        Failure::new(format!(
            "There should be one output for each of the jobs {}; there were outputs for {}.",
            list(numbers),
            list(&seen)
        ))
        .usually("that it returned before the last job had been processed, or that an output was dropped.")
        .read(page)
    });
}

/// After the end, or after a drop, no task is alive and no stage is working.
async fn check_nothing_runs_on(probe: &Probe, tasks: Tasks, when: &str) {
    let left = tasks.left_behind().await;
    let busy: usize = [Stage::Prepare, Stage::Process, Stage::Store]
        .map(|stage| probe.in_progress(stage))
        .iter()
        .sum();
    check(left == 0 && busy == 0, || {
        Failure::new(format!(
            "{when}, nothing should continue to run; {} alive and {} in progress.",
            match left {
                1 => "1 task is".to_owned(),
                left => format!("{left} tasks are"),
            },
            match busy {
                1 => "1 job is".to_owned(),
                busy => format!("{busy} jobs are"),
            }
        ))
        .usually(
            "that a task was spawned and its handle dropped, which does not stop the task. A `JoinSet` aborts its tasks \
             when it is dropped.",
        )
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

/// `1 to 6` for more than three in a row, `1, 3, 2`, or `none`.
fn list(numbers: &[u32]) -> String {
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

/// `it returned at 70 ms`, or that it did not.
fn returned_at<T>(output: &Option<T>, took: Duration, limit: &str) -> String {
    match output {
        Some(_) => format!("it returned at {}", in_ms(took)),
        None => format!("it did not return within {limit}"),
    }
}

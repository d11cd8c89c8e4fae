//! The event loop: awaiting in order, predicting an order, choosing a concurrency model, polling and yielding.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::task::yield_now;

/// Runs all `steps` in order, one at a time, and returns how many there were.
///
/// # Cancel safety
///
/// Dropping the future drops the step that is running and those that have not started.
pub async fn run_in_order<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    let count = steps.len();
    for step in steps {
        step.await;
    }
    count
}

/// The lines that the gateway's program prints, in order.
pub fn predict_order() -> Vec<&'static str> {
    // Spawned tasks stay in the ready queue until `main` awaits. The LED's timer is set first but expires last.
    vec![
        "gateway starting",
        "LED on",
        "sensor settling",
        "sensor ready",
        "LED off",
        "gateway stopped",
    ]
}

/// Independent jobs, all alike: each waits and then computes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Workload {
    /// The number of jobs
    pub jobs: u32,
    /// How long each job waits, for a reply from a sensor, say
    pub wait: Duration,
    /// How long each job then computes, on one core
    pub compute: Duration,
}

/// A way to run a [`Workload`], from the simplest to the most complex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// A plain loop that runs one job after the other.
    Sequential,
    /// One thread that waits for all jobs at the same time and computes for one at a time.
    Async,
    /// One thread for each job, on four cores, each of which computes for one job at a time. Not possible with more
    /// than 1000 jobs: the system has room for 1000 threads.
    Threads,
    /// One thread that waits for all jobs at the same time, and four threads that compute, on four cores.
    AsyncWithThreads,
}

const CORES: u32 = 4;
const MAX_THREADS: u32 = 1000;

/// The simplest of the ways that take at most a tenth longer than the fastest.
pub fn choose_concurrency(workload: Workload) -> Choice {
    let Workload {
        jobs,
        wait,
        compute,
    } = workload;
    // Waits overlap; computations share the cores.
    let on = |cores: u32| wait + compute * jobs.div_ceil(cores);
    let threads = (jobs <= MAX_THREADS).then(|| (Choice::Threads, on(CORES)));
    let simplest_first = [
        Some((Choice::Sequential, (wait + compute) * jobs)),
        Some((Choice::Async, on(1))),
        threads,
        Some((Choice::AsyncWithThreads, on(CORES))),
    ];
    let possible = || simplest_first.iter().flatten();
    let fastest = possible().map(|(_, time)| *time).min().unwrap_or_default();
    let simplest = possible().find(|(_, time)| *time * 10 <= fastest * 11);
    simplest.map_or(Choice::Sequential, |(choice, _)| *choice)
}

/// A future that an event loop polls until it is ready.
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The numbers of the tasks that have been woken, each at most once, in the order of the wake-ups.
#[derive(Debug, Default)]
struct ReadyQueue {
    numbers: Mutex<VecDeque<usize>>,
}

impl ReadyQueue {
    fn push(&self, number: usize) {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        if !numbers.contains(&number) {
            numbers.push_back(number);
        }
    }

    fn pop(&self) -> Option<usize> {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.pop_front()
    }
}

/// Puts one task back into the queue.
struct TaskWaker {
    number: usize,
    queue: Arc<ReadyQueue>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.queue.push(self.number);
    }
}

/// Runs all `tasks` to completion, polling each one when it has been woken and is first in the queue.
///
/// # Errors
///
/// The number of tasks that have not finished when the queue is empty: nothing is left that could wake them.
pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    let queue = Arc::new(ReadyQueue::default());
    let mut tasks: Vec<_> = tasks
        .into_iter()
        .enumerate()
        .map(|(number, task)| {
            queue.push(number);
            let queue = Arc::clone(&queue);
            Some((task, Waker::from(Arc::new(TaskWaker { number, queue }))))
        })
        .collect();
    while let Some(number) = queue.pop() {
        // A waker may outlive its task.
        if let Some((task, waker)) = &mut tasks[number]
            && let Poll::Ready(()) = task.as_mut().poll(&mut Context::from_waker(waker))
        {
            tasks[number] = None;
        }
    }
    match tasks.iter().flatten().count() {
        0 => Ok(()),
        unfinished => Err(unfinished),
    }
}

/// The sum of `numbers`. Yields after every thousand of them that is not the last.
///
/// # Cancel safety
///
/// Dropping the future loses the sum so far.
pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    let mut chunks = numbers.chunks(1000).peekable();
    while let Some(chunk) = chunks.next() {
        sum += chunk.iter().sum::<u64>();
        if chunks.peek().is_some() {
            yield_now().await;
        }
    }
    sum
}

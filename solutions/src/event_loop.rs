//! The event loop: what is polled, when, and by whom.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::task::yield_now;

/// Runs all `steps`, one after the other, and returns how many there were.
///
/// # Cancel safety
///
/// Dropping the future drops the step that runs and those that have not begun.
pub async fn one_after_the_other<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    let count = steps.len();
    for step in steps {
        step.await;
    }
    count
}

/// In which order the bakery's program prints its lines.
pub fn bakery() -> Vec<&'static str> {
    // Spawned tasks wait for their turn, which comes when `main` awaits. The oven's alarm is set first and
    // goes off last.
    vec![
        "door opens",
        "bread is in",
        "dough rests",
        "dough is kneaded",
        "bread is out",
        "sold out",
    ]
}

/// Jobs to be done, all alike: each waits and then computes. They don't need each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Workload {
    /// How many there are
    pub jobs: u32,
    /// How long each waits, for an answer from elsewhere say
    pub wait: Duration,
    /// How long each then computes, on one core
    pub compute: Duration,
}

/// A way to do them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// A loop in plain code, one job after the other.
    InTurn,
    /// One thread that waits for all of them, and computes for one at a time.
    Async,
    /// A thread for each job, on four cores that each compute for one job at a time. With more than 1000 jobs this
    /// is not possible: the system has room for 1000 threads.
    Threads,
    /// One thread that waits for all of them, and four that compute.
    AsyncWithThreads,
}

const CORES: u32 = 4;
const MOST_THREADS: u32 = 1000;

/// The way that takes the least time; of several that take no more than a tenth longer, the simplest.
pub fn choose(workload: Workload) -> Choice {
    let Workload {
        jobs,
        wait,
        compute,
    } = workload;
    // Waits overlap; what is computed shares the cores.
    let on = |cores: u32| wait + compute * jobs.div_ceil(cores);
    let threads = (jobs <= MOST_THREADS).then(|| (Choice::Threads, on(CORES)));
    let from_simple_to_hard = [
        Some((Choice::InTurn, (wait + compute) * jobs)),
        Some((Choice::Async, on(1))),
        threads,
        Some((Choice::AsyncWithThreads, on(CORES))),
    ];
    let ways = || from_simple_to_hard.iter().flatten();
    let fastest = ways().map(|(_, time)| *time).min().unwrap_or_default();
    let simplest = ways().find(|(_, time)| *time * 10 <= fastest * 11);
    simplest.map_or(Choice::InTurn, |(choice, _)| *choice)
}

/// A future that is to be run to its end.
pub type Job = Pin<Box<dyn Future<Output = ()>>>;

/// The numbers of the jobs that were woken, each once, in the order of their wake-ups.
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

/// Puts one job back into the queue.
struct JobWaker {
    number: usize,
    queue: Arc<ReadyQueue>,
}

impl Wake for JobWaker {
    fn wake(self: Arc<Self>) {
        self.queue.push(self.number);
    }
}

/// Runs all `jobs` to their end, each polled when it was woken and its turn has come.
///
/// # Errors
///
/// How many have not ended, when nobody is left in the queue: nothing on this thread can wake them.
pub fn run_all(jobs: Vec<Job>) -> Result<(), usize> {
    let queue = Arc::new(ReadyQueue::default());
    let mut jobs: Vec<_> = jobs
        .into_iter()
        .enumerate()
        .map(|(number, job)| {
            queue.push(number);
            let queue = Arc::clone(&queue);
            Some((job, Waker::from(Arc::new(JobWaker { number, queue }))))
        })
        .collect();
    while let Some(number) = queue.pop() {
        // A waker may outlive its job.
        if let Some((job, waker)) = &mut jobs[number]
            && let Poll::Ready(()) = job.as_mut().poll(&mut Context::from_waker(waker))
        {
            jobs[number] = None;
        }
    }
    match jobs.iter().flatten().count() {
        0 => Ok(()),
        waiting => Err(waiting),
    }
}

/// Adds up `numbers`, yielding after each thousand of them that is not the last.
///
/// # Cancel safety
///
/// Dropping the future loses the sum so far.
pub async fn add_up(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    let mut parts = numbers.chunks(1000).peekable();
    while let Some(part) = parts.next() {
        sum += part.iter().sum::<u64>();
        if parts.peek().is_some() {
            yield_now().await;
        }
    }
    sum
}

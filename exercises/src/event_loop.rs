//! The event loop: awaiting in order, predicting an order, choosing a concurrency model, polling and yielding.

use std::pin::Pin;
use std::time::Duration;

/// Runs all `steps` in order, one at a time, and returns how many there were.
///
/// A step starts when the previous one has finished, and not earlier. Nothing runs before the returned future is
/// awaited. With no steps the result is 0.
pub async fn run_in_order<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    todo!()
}

/// Predicts what the gateway's program on the page of this exercise prints.
///
/// Returns the printed lines in order. Each is one of these seven: `LED off`, `LED on`, `alarm tested`,
/// `gateway starting`, `gateway stopped`, `sensor ready`, `sensor settling`. A line that is not printed is left out.
pub fn predict_order() -> Vec<&'static str> {
    todo!()
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

/// Chooses how to run a workload.
///
/// Returns the simplest of the possible ways that take at most a tenth longer than the fastest possible one. The
/// simplest is the one that comes first in [`Choice`]. Without jobs, every way takes no time.
pub fn choose_concurrency(workload: Workload) -> Choice {
    todo!()
}

/// A future that an event loop polls until it is ready.
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Runs all `tasks` to completion without a runtime, from a ready queue that their wakers push to.
///
/// - At the start, every task is in the queue, in the order of `tasks`.
/// - The first task in the queue is taken out and polled. After that, a task is polled only if it has been woken since
///   its last poll began, and in the order of the wake-ups. A task that is woken several times before it is polled is
///   polled once.
/// - Each waker that a task was given wakes it, on any thread, also one from an earlier poll.
/// - A task that has finished is not polled again, even if its waker is used later.
///
/// Returns when the queue is empty.
///
/// # Errors
///
/// The number of tasks that have not finished, if there are any.
pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    todo!()
}

/// Returns the sum of `numbers`, and yields to other tasks on the way.
///
/// Yields once after every 1000 numbers, unless no more numbers follow. It waits for no timer. The sum fits into a
/// `u64`.
pub async fn sum_with_yields(numbers: &[u64]) -> u64 {
    todo!()
}

//! The event loop: what is polled, when, and by whom.

use std::pin::Pin;
use std::time::Duration;

/// Runs all `steps`, one after the other, and returns how many there were.
///
/// A step begins when the one before it has ended, and not earlier. Nothing runs before the returned future
/// is awaited.
pub async fn one_after_the_other<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    todo!()
}

/// Predicts what the bakery's program prints. It stands on the page of the exercise.
///
/// Returns the lines that are printed, in their order, of these: `bread is in`, `bread is out`,
/// `door opens`, `dough is kneaded`, `dough rests`, `flour arrives`, `sold out`.
pub fn bakery() -> Vec<&'static str> {
    todo!()
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

/// Chooses how to do a workload.
///
/// Returns the way that takes the least time. Of several that take no more than a tenth longer than the
/// fastest, it is the simplest: the one that stands first in [`Choice`].
pub fn choose(workload: Workload) -> Choice {
    todo!()
}

/// A future that is to be run to its end.
pub type Job = Pin<Box<dyn Future<Output = ()>>>;

/// Runs all `jobs` to their end, without a runtime: a ready queue, and wakers that put jobs into it.
///
/// At the beginning all are in the queue, in the order of `jobs`. A job is polled when it is the first in
/// the queue, and only if it was woken since its last poll; woken several times, it is polled once. A job
/// that has ended is not polled again.
/// Returns `Ok` when all have ended. When the queue is empty and some have not, it returns how many.
pub fn run_all(jobs: Vec<Job>) -> Result<(), usize> {
    todo!()
}

/// Adds up `numbers`, and lets others have their turns meanwhile.
///
/// Whenever it has added 1000 numbers and there are more, it yields once. Returns the sum.
pub async fn add_up(numbers: &[u64]) -> u64 {
    todo!()
}

//! Queues: jobs that go through the stages of a pipeline.
//!
//! `stages.process(job).await` returns the [`Output`] of a [`Job`]. [`Stages`] is a handle: clones share the
//! stages.

use std::time::Duration;

use grading::stages::{Job, Output, Stages, StorageFull};
use tokio::sync::{mpsc, oneshot};

/// Processes every job from `queue`, with `workers` workers. Returns all outputs, in any order.
///
/// - A worker takes a job when it is free, and no earlier: jobs that are not being processed stay in the queue.
///   While the queue is empty, the workers sleep.
/// - It returns when the queue is closed and empty and the last job has been processed.
/// - If the future is dropped, all workers stop.
pub async fn worker_pool(
    queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    todo!()
}

/// Processes the jobs from `queue`, one after the other, until `evening` is ready: either a message was sent, or
/// the sender was dropped. Returns all outputs, in order.
///
/// - At that instant it closes the queue, even while a job is being processed. A sender that waits for a place gets
///   its job back.
/// - Jobs that were accepted before are still processed, without a pause: the one that is being processed, those in
///   the queue, and those that come through a place that was reserved.
/// - It returns after the last of them, or when all senders are gone.
/// - If the future is dropped, everything stops.
pub async fn drain_close(
    mut queue: mpsc::Receiver<Job>,
    mut evening: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    todo!()
}

/// There are not enough bags; so many are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// How many there are
    pub there: u32,
}

/// The blood bank: a handle to its keeper, who is a task and alone knows how many bags there are.
/// Clones reach the same keeper.
///
/// Requests are served one after the other, in the order in which they came. For each of them the keeper
/// walks to the fridge first, which takes `walk`.
/// Up to `room` requests wait in the keeper's box. Callers who find it full wait for a place.
/// When the last handle is gone, and the box is empty, the keeper ends.
#[derive(Debug, Clone)]
pub struct BloodBank {
    // Your fields in place of this one.
    _bags: std::marker::PhantomData<u32>,
}

impl BloodBank {
    /// Opens with so many `bags` in the fridge. Spawns the keeper.
    pub fn open(bags: u32, walk: Duration, room: usize) -> Self {
        todo!()
    }

    /// Brings `bags`. Ready when the request is in the box.
    pub async fn bring(&self, bags: u32) {
        todo!()
    }

    /// Fetches `bags`, and returns how many are left; all of them, or none.
    ///
    /// A caller who leaves before the keeper has answered gets nothing and costs nothing: no bag, and from then on none of
    /// the keeper's time.
    pub async fn fetch(&self, bags: u32) -> Result<u32, Short> {
        todo!()
    }
}

/// A bounded priority queue: the most urgent job comes out first.
///
/// Any number of tasks may use both ends through `&self`. A `put` or `take` that is dropped while it waits has no
/// effect.
#[derive(Debug)]
pub struct UrgentFirst {
    // Your fields in place of this one.
    _jobs: std::marker::PhantomData<Job>,
}

impl UrgentFirst {
    /// An empty queue with this much room, at least 1.
    pub fn new(room: usize) -> Self {
        todo!()
    }

    /// Puts a job in, and waits for room if there is none. Returns the job as an error if the queue is closed.
    /// Callers that wait for room get it in the order in which they came, urgent or not.
    pub async fn put(&self, urgency: u8, job: Job) -> Result<(), Job> {
        todo!()
    }

    /// Takes the job with the highest urgency; of several such jobs, the one that was put in first. Waits if there
    /// is none. Returns `None` if the queue is closed and empty.
    pub async fn take(&self) -> Option<Job> {
        todo!()
    }

    /// Closes the queue: waiting callers of `put` and `take` return at once, and no job goes in any more. Jobs that are
    /// in the queue can still be taken.
    pub fn close(&self) {
        todo!()
    }
}

/// Sends every job through three stages, and returns how many outputs were stored.
///
/// - `stages.prepare(job)` comes first, one job at a time. `stages.process(job)` is next, for at most `workers`
///   jobs at a time, and `stages.store(output)` is last, one at a time. All three work at the same time, on
///   different jobs.
/// - Between two stages up to `room` jobs wait; `room` is 1 or more. A stage that cannot pass on its result waits,
///   and takes nothing new.
/// - If `store` returns [`StorageFull`], that is the result, at that instant, and everything stops. Everything also
///   stops if the future is dropped.
pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    room: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    todo!()
}

//! Queues: jobs that pass through the stages of an ingest pipeline.
//!
//! `stages.process(job).await` processes a [`Job`] and returns its [`Output`]. [`Stages`] is a handle: clones share the
//! stages.

use std::time::Duration;

use grading::stages::{Job, Output, Stages, StorageFull};
use tokio::sync::{mpsc, oneshot};

/// Processes every job from `queue` once with `stages.process`, up to `workers` jobs at the same time.
///
/// Returns all outputs, in any order, as soon as the queue is closed and empty and the last job has been processed.
///
/// - A worker receives a job only when it is free to process it. All other jobs stay in the queue.
/// - A worker that becomes free takes the next job at once, even if an earlier job is still being processed.
/// - While the queue is empty, the workers wait without polling it repeatedly.
/// - `workers` is 1 or more.
///
/// # Cancel safety
///
/// Dropping the future stops all workers. The outputs, and the jobs that have not been processed, are lost.
pub async fn worker_pool(
    queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    todo!()
}

/// Processes the jobs from `queue` with `stages.process`, one at a time, until it is told to shut down.
///
/// Returns all outputs, in the order of the jobs.
///
/// `shutdown` is the signal: it becomes ready when a message was sent, or when its sender was dropped. Both count. At
/// that instant the queue is closed, even while a job is being processed, so that a sender that is waiting for capacity
/// gets its job back.
///
/// - Jobs that were accepted before are still processed, each once and without a pause between them: the one in
///   progress, those in the queue, and those that are sent later through a permit that was reserved before.
/// - It returns as soon as the last accepted job has been processed and no reserved permit is left.
/// - Without a signal, it returns when all senders are gone and the queue is empty.
///
/// # Cancel safety
///
/// Dropping the future stops everything. The outputs, and the jobs that have not been processed, are lost.
pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    mut shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    todo!()
}

/// There are fewer units in stock than were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfStock {
    /// How many units there are
    pub available: u32,
}

/// A handle to an actor: a task that owns the number of units in stock. Clones reach the same actor.
///
/// The actor handles one request at a time, in the order in which the requests entered its inbox. For each request it
/// first queries a database, which takes `latency`.
///
/// Up to `capacity` requests wait in the inbox. Callers that find it full wait, and get free slots in the order of their
/// calls.
///
/// When the last handle is dropped, the actor handles the requests that are left in the inbox, and ends.
#[derive(Debug, Clone)]
pub struct InventoryActor {
    // Your fields in place of this one.
    _units: std::marker::PhantomData<u32>,
}

impl InventoryActor {
    /// Spawns the actor, with this number of `units` in stock.
    ///
    /// A query takes `latency`; the inbox has this `capacity`, which is 1 or more.
    ///
    /// # Panics
    ///
    /// If it is called outside of a tokio runtime.
    pub fn spawn(units: u32, latency: Duration, capacity: usize) -> Self {
        todo!()
    }

    /// Adds `units` to the stock, which then still fits into a `u32`. Returns as soon as the request is in the inbox. Also a
    /// request for 0 units is handled as any other.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it is ready, nothing is added.
    pub async fn add(&self, units: u32) {
        todo!()
    }

    /// Takes `units` out of the stock, perhaps 0, and returns how many are left.
    ///
    /// # Errors
    ///
    /// [`OutOfStock`] if there are fewer than that. Then nothing is taken.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before the actor has replied, nothing is taken. The actor notices this at once: it
    /// abandons the query for the request if it is in progress, and does not start it if it is not. Other callers are
    /// not affected.
    ///
    /// If the actor has replied, the units are taken, even if the future is dropped before it returns.
    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        todo!()
    }
}

/// A bounded queue that returns the job with the highest priority first: 255 is the highest, 0 the lowest.
///
/// Any number of tasks of one thread may use it through `&self`. A call that is dropped, even after it was woken, keeps
/// no other call waiting.
#[derive(Debug)]
pub struct BoundedPriorityQueue {
    // Your fields in place of this one.
    _jobs: std::marker::PhantomData<Job>,
}

impl BoundedPriorityQueue {
    /// An empty queue that holds up to `capacity` jobs, which is 1 or more.
    pub fn new(capacity: usize) -> Self {
        todo!()
    }

    /// Adds a job, and waits for a free slot if there is none.
    ///
    /// Slots are given to waiting callers in the order of their calls, whatever the priority of their jobs. A caller
    /// that comes later does not overtake them.
    ///
    /// # Errors
    ///
    /// Returns the job if the queue is closed, or is closed while the call waits.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped while it waits, the job is not added.
    pub async fn send(&self, priority: u8, job: Job) -> Result<(), Job> {
        todo!()
    }

    /// Removes and returns the job with the highest priority; of several such jobs, the one that was added first.
    ///
    /// Waits if the queue is empty. Returns `None` if it is closed and empty.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it is ready, no job is removed.
    pub async fn recv(&self) -> Option<Job> {
        todo!()
    }

    /// Closes the queue: no job is added any more, and all calls that are waiting return at once.
    ///
    /// Jobs that are in the queue can still be received. Closing it again has no effect.
    pub fn close(&self) {
        todo!()
    }
}

/// Sends every job through three stages, and returns how many outputs were stored.
///
/// Each job goes through `stages.prepare`, one job at a time; then through `stages.process`, up to `workers` jobs at a
/// time; then through `stages.store`, one output at a time. The stages work at the same time, on different jobs. A
/// worker that becomes free takes the next job, even if an earlier job is still being processed.
///
/// - Between two stages, up to `capacity` jobs wait. A stage that cannot pass on its result waits, and receives nothing
///   until it has. `workers` and `capacity` are 1 or more.
/// - It returns when `jobs` is closed and empty and the last output has been stored.
///
/// # Errors
///
/// [`StorageFull`], at the instant `store` returns it. All stages stop, and no task is left running.
///
/// # Cancel safety
///
/// Dropping the future stops all stages. The jobs that have not been stored are lost.
pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    capacity: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    todo!()
}

//! Queues: jobs that pass through the stages of an ingest pipeline.
//!
//! There is no count of remaining jobs and no end marker. Each sender has one owner; when the owner has finished,
//! the channel closes, and the loop that receives from it ends.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use futures::FutureExt;
use futures::future::join_all;
use grading::stages::{Job, Output, Stages, StorageFull};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::sleep;

/// Processes every job from `queue`, up to `workers` at the same time. Returns all outputs, in any order.
///
/// # Cancel safety
///
/// Dropping the future stops all workers. The outputs, and the jobs that have not been processed, are lost.
pub async fn worker_pool(
    queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    let queue = tokio::sync::Mutex::new(queue);
    // No tasks: the workers live in this future, so they borrow what they share and end with it.
    let workers = (0..workers).map(async |_| {
        let mut outputs = Vec::new();
        loop {
            // Not `while let`: that would hold the lock until the job has been processed.
            let job = queue.lock().await.recv().await;
            let Some(job) = job else { return outputs };
            outputs.push(stages.process(job).await);
        }
    });
    join_all(workers).await.concat()
}

/// Processes the jobs from `queue`, in order, until all senders are gone or `shutdown` is ready. Then it closes the
/// queue at once, and still processes the jobs that were accepted before.
///
/// # Cancel safety
///
/// Dropping the future stops everything. The outputs, and the jobs that have not been processed, are lost.
pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    // It is polled again after it was ready. A fused future is pending then.
    let mut shutdown = shutdown.fuse();
    let mut outputs = Vec::new();
    loop {
        let job = tokio::select! {
            biased;
            _ = &mut shutdown => {
                queue.close();
                continue;
            }
            job = queue.recv() => job,
        };
        // Not when the queue looks empty: a reserved permit stays valid until its owner uses or drops it.
        let Some(job) = job else { return outputs };

        let mut processing = pin!(stages.process(job));
        outputs.push(loop {
            tokio::select! {
                biased;
                _ = &mut shutdown => queue.close(),
                output = &mut processing => break output,
            }
        });
    }
}

/// There are fewer units in stock than were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfStock {
    /// How many units there are
    pub available: u32,
}

/// A handle to an actor: a task that owns the number of units in stock. Clones reach the same actor.
///
/// When the last handle is dropped, the actor handles what is left in its inbox, and ends.
#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::Sender<Request>,
}

#[derive(Debug)]
enum Request {
    Add {
        units: u32,
    },
    Take {
        units: u32,
        reply: oneshot::Sender<Result<u32, OutOfStock>>,
    },
}

impl InventoryActor {
    /// Spawns the actor. A query takes `latency`, and the inbox has this `capacity`.
    ///
    /// # Panics
    ///
    /// If it is called outside of a tokio runtime.
    pub fn spawn(units: u32, latency: Duration, capacity: usize) -> Self {
        let (requests, inbox) = mpsc::channel(capacity);
        tokio::spawn(run(units, latency, inbox));
        Self { requests }
    }

    /// Adds `units` to the stock. Returns as soon as the request is in the inbox.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it is ready, nothing is added.
    pub async fn add(&self, units: u32) {
        self.request(Request::Add { units }).await;
    }

    /// Takes `units` out of the stock, and returns how many are left.
    ///
    /// # Errors
    ///
    /// [`OutOfStock`] if there are fewer than that. Then nothing is taken.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before the actor has replied, nothing is taken. If the actor has replied, the units are
    /// taken, even if the future is dropped before it returns.
    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        let (reply, response) = oneshot::channel();
        self.request(Request::Take { units, reply }).await;
        response
            .await
            .expect("the actor replies to every caller that waits")
    }

    async fn request(&self, request: Request) {
        let sent = self.requests.send(request).await;
        sent.expect("the actor runs as long as there is a handle");
    }
}

/// The actor's task. It owns the number of units, so there is nothing to lock.
async fn run(mut available: u32, latency: Duration, mut inbox: mpsc::Receiver<Request>) {
    while let Some(request) = inbox.recv().await {
        match request {
            Request::Add { units } => {
                sleep(latency).await;
                available += units;
            }
            Request::Take { units, mut reply } => {
                tokio::select! {
                    biased;
                    // Polled first, so that a caller that left before the query started costs no time.
                    () = reply.closed() => continue,
                    () = sleep(latency) => {}
                }
                let taken = available.checked_sub(units).ok_or(OutOfStock { available });
                if reply.send(taken).is_ok()
                    && let Ok(left) = taken
                {
                    available = left;
                }
            }
        }
    }
}

/// A bounded queue that returns the job with the highest priority first: 255 is the highest, 0 the lowest.
///
/// Two semaphores count: one the free slots, the other the jobs in the queue. They do all the waiting, in order and
/// with cancellation, and the heap is locked for one step at a time.
#[derive(Debug)]
pub struct BoundedPriorityQueue {
    free_slots: Semaphore,
    queued_jobs: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    heap: BinaryHeap<Entry>,
    arrivals: u64,
    closed: bool,
}

/// Ordered by its fields from first to last: within a priority, the earliest arrival is the greatest.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    priority: u8,
    arrival: Reverse<u64>,
    job: Job,
}

impl BoundedPriorityQueue {
    /// An empty queue that holds up to `capacity` jobs.
    pub fn new(capacity: usize) -> Self {
        Self {
            free_slots: Semaphore::new(capacity),
            queued_jobs: Semaphore::new(0),
            state: Mutex::default(),
        }
    }

    /// Adds a job, and waits for a free slot if there is none.
    ///
    /// # Errors
    ///
    /// Returns the job if the queue is closed, or is closed while the call waits.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped while it waits, the job is not added.
    pub async fn send(&self, priority: u8, job: Job) -> Result<(), Job> {
        let slot = self.free_slots.acquire().await.map_err(|_| job)?;
        {
            let mut state = self.state();
            // Another thread may have called `close` since the slot was acquired.
            if state.closed {
                return Err(job);
            }
            state.arrivals += 1;
            let arrival = Reverse(state.arrivals);
            state.heap.push(Entry {
                priority,
                arrival,
                job,
            });
        }
        slot.forget();
        self.queued_jobs.add_permits(1);
        Ok(())
    }

    /// Removes and returns the job with the highest priority; of several such jobs, the one that was added first.
    ///
    /// Waits if the queue is empty. Returns `None` if it is closed and empty.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it is ready, no job is removed.
    pub async fn recv(&self) -> Option<Job> {
        // An error means that the queue is closed. There may still be jobs in it.
        if let Ok(queued) = self.queued_jobs.acquire().await {
            queued.forget();
        }
        let entry = self.state().heap.pop()?;
        self.free_slots.add_permits(1);
        Some(entry.job)
    }

    /// Closes the queue and wakes all waiting calls. Jobs that are in it can still be received.
    pub fn close(&self) {
        self.state().closed = true;
        self.free_slots.close();
        self.queued_jobs.close();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("no code panics while it holds the lock")
    }
}

/// Sends every job through three stages, with `workers` workers in the second one and `capacity` slots before each of
/// the last two. Returns how many outputs were stored.
///
/// # Errors
///
/// [`StorageFull`], at the instant `store` returns it. All stages stop.
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
    let (prepared, to_process) = mpsc::channel(capacity);
    let (processed, mut to_store) = mpsc::channel(capacity);

    let prepare = async move {
        while let Some(job) = jobs.recv().await {
            let job = stages.prepare(job).await;
            if prepared.send(job).await.is_err() {
                break;
            }
        }
        Ok(())
    };

    let to_process = tokio::sync::Mutex::new(to_process);
    let worker = async |processed: mpsc::Sender<Output>| {
        loop {
            let job = to_process.lock().await.recv().await;
            let Some(job) = job else { return };
            let output = stages.process(job).await;
            if processed.send(output).await.is_err() {
                return;
            }
        }
    };
    let workers = join_all((0..workers).map(|_| worker(processed.clone())));
    // Each worker has a sender of its own. If this one remained, the last stage would wait forever.
    drop(processed);

    let store = async {
        let mut stored = 0;
        while let Some(output) = to_store.recv().await {
            stages.store(output).await?;
            stored += 1;
        }
        Ok(stored)
    };

    let ((), _, stored) = tokio::try_join!(prepare, workers.map(Ok), store)?;
    Ok(stored)
}

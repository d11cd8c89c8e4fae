//! Queues: jobs that go through the stages of a pipeline.
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

/// Processes every job from `queue`, with `workers` workers. Returns all outputs, in any order.
///
/// # Cancel safety
///
/// Dropping the future stops all workers. The jobs that they had taken are lost.
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

/// Processes the jobs from `queue`, in order, until all senders are gone, or `evening` is ready. Then it closes the
/// queue at once, and still processes the jobs that were accepted before.
///
/// # Cancel safety
///
/// Dropping the future stops everything. The outputs and the jobs in the queue are lost.
pub async fn drain_close(
    mut queue: mpsc::Receiver<Job>,
    evening: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    // It is polled again after it was ready. A fused future is pending then.
    let mut evening = pin!(evening.fuse());
    let mut outputs = Vec::new();
    loop {
        let job = tokio::select! {
            biased;
            _ = &mut evening => {
                queue.close();
                continue;
            }
            job = queue.recv() => job,
        };
        // Not when the queue looks empty: a reserved place stays valid until its owner uses or drops it.
        let Some(job) = job else { return outputs };

        let mut processing = pin!(stages.process(job));
        outputs.push(loop {
            tokio::select! {
                biased;
                _ = &mut evening => queue.close(),
                output = &mut processing => break output,
            }
        });
    }
}

/// There are not enough bags; so many are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// How many there are
    pub there: u32,
}

/// The blood bank: a handle to its keeper, a task that alone knows how many bags there are.
///
/// When the last handle is gone, and the box is empty, the keeper ends.
#[derive(Debug, Clone)]
pub struct BloodBank {
    requests: mpsc::Sender<Request>,
}

#[derive(Debug)]
enum Request {
    Bring {
        bags: u32,
    },
    Fetch {
        bags: u32,
        reply: oneshot::Sender<Result<u32, Short>>,
    },
}

impl BloodBank {
    /// Opens with so many `bags` in the fridge, to which it is a `walk`, and with `room` for requests that wait.
    pub fn open(bags: u32, walk: Duration, room: usize) -> Self {
        let (requests, inbox) = mpsc::channel(room);
        tokio::spawn(keep(bags, walk, inbox));
        Self { requests }
    }

    /// Brings `bags`. Ready when the request is in the box.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was brought.
    pub async fn bring(&self, bags: u32) {
        self.ask(Request::Bring { bags }).await;
    }

    /// Fetches `bags`, and returns how many are left.
    ///
    /// # Errors
    ///
    /// [`Short`] if there are not so many. Nothing is fetched then.
    ///
    /// # Cancel safety
    ///
    /// Dropped before the keeper has answered, nothing is fetched. An answer that has come and was not
    /// looked at is lost, and its bags with it.
    pub async fn fetch(&self, bags: u32) -> Result<u32, Short> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::Fetch { bags, reply }).await;
        answer.await.expect("the keeper answers whoever waits")
    }

    async fn ask(&self, request: Request) {
        let asked = self.requests.send(request).await;
        asked.expect("the keeper stays as long as there is a handle");
    }
}

/// What the keeper does. It owns the number of bags, so there is nothing to lock.
async fn keep(mut there: u32, walk: Duration, mut inbox: mpsc::Receiver<Request>) {
    while let Some(request) = inbox.recv().await {
        match request {
            Request::Bring { bags } => {
                sleep(walk).await;
                there += bags;
            }
            Request::Fetch { bags, mut reply } => {
                tokio::select! {
                    biased;
                    // Before the first step as well: who left while the request lay in the box.
                    () = reply.closed() => continue,
                    () = sleep(walk) => {}
                }
                let fetched = there.checked_sub(bags).ok_or(Short { there });
                if reply.send(fetched).is_ok()
                    && let Ok(left) = fetched
                {
                    there = left;
                }
            }
        }
    }
}

/// A queue with room for so many jobs, out of which the most urgent comes first.
///
/// Two semaphores count: the permits of one are free places, those of the other are jobs to take. So
/// waiting, waking in order and leaving early are theirs, and the heap is locked for one step at a time.
#[derive(Debug)]
pub struct UrgentFirst {
    free: Semaphore,
    filled: Semaphore,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    heap: BinaryHeap<Entry>,
    arrivals: u64,
    closed: bool,
}

/// Compared from its first field to its last: of the most urgent, the one that arrived first is greatest.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    urgency: u8,
    arrival: Reverse<u64>,
    job: Job,
}

impl UrgentFirst {
    /// An empty queue with this much room.
    pub fn new(room: usize) -> Self {
        Self {
            free: Semaphore::new(room),
            filled: Semaphore::new(0),
            inside: Mutex::default(),
        }
    }

    /// Puts a job in, and waits for room if there is none.
    ///
    /// # Errors
    ///
    /// The job, if the queue is closed.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, it has put nothing in.
    pub async fn put(&self, urgency: u8, job: Job) -> Result<(), Job> {
        let place = self.free.acquire().await.map_err(|_| job)?;
        {
            let mut inside = self.inside();
            // On another thread, `close` may have come since.
            if inside.closed {
                return Err(job);
            }
            inside.arrivals += 1;
            let arrival = Reverse(inside.arrivals);
            inside.heap.push(Entry {
                urgency,
                arrival,
                job,
            });
        }
        place.forget();
        self.filled.add_permits(1);
        Ok(())
    }

    /// Takes the most urgent job, of equals the one that was put in first. Waits if there is none.
    /// `None` if the queue is closed and empty.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, it has taken nothing out.
    pub async fn take(&self) -> Option<Job> {
        // An error says that the queue is closed. What is in the heap may be taken all the same.
        if let Ok(filled) = self.filled.acquire().await {
            filled.forget();
        }
        let entry = self.inside().heap.pop()?;
        self.free.add_permits(1);
        Some(entry.job)
    }

    /// Nothing goes in any more. Whoever waits is told; what is in it can still be taken.
    pub fn close(&self) {
        self.inside().closed = true;
        self.free.close();
        self.filled.close();
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("nobody panics with the lock")
    }
}

/// Sends every job through three stages, with `workers` workers in the second one and `room` for waiting jobs before
/// each of the last two. Returns how many outputs were stored.
///
/// # Errors
///
/// [`StorageFull`], at the instant at which `store` returns it. Everything stops.
///
/// # Cancel safety
///
/// Dropping the future stops everything. The jobs between the stages are lost.
pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    room: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    let (prepared, to_process) = mpsc::channel(room);
    let (processed, mut to_store) = mpsc::channel(room);

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

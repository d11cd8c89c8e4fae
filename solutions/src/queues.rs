//! Queues: a laboratory in which samples go from hand to hand.
//!
//! Nobody here counts who is left, and nobody sends a "no more". Each sender has one owner; when the work of
//! that owner is done the channel closes, and whoever receives from it comes to an end of its own.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use futures::FutureExt;
use futures::future::join_all;
use grading::lab::{Full, Lab, Report, Sample};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::sleep;

/// Analyses every sample that comes out of `rack`, with `analysers` workers: all reports, in any order.
///
/// # Cancel safety
///
/// Dropping the future stops all workers. The samples that they had taken are lost.
pub async fn worker_pool(rack: mpsc::Receiver<Sample>, analysers: usize, lab: &Lab) -> Vec<Report> {
    let rack = tokio::sync::Mutex::new(rack);
    // No tasks: the workers live in this future, so they borrow what they share and end with it.
    let workers = (0..analysers).map(async |_| {
        let mut reports = Vec::new();
        loop {
            // Not `while let`: that would hold the lock until the analysis is done.
            let sample = rack.lock().await.recv().await;
            let Some(sample) = sample else { return reports };
            reports.push(lab.analyse(sample).await);
        }
    });
    join_all(workers).await.concat()
}

/// Analyses the samples that come out of `rack`, in order, until all senders are gone, or `evening` is ready.
/// Then the rack closes at once, and what had been accepted is still analysed.
///
/// # Cancel safety
///
/// Dropping the future stops everything. The reports are lost, and what is in the rack.
pub async fn drain_close(
    mut rack: mpsc::Receiver<Sample>,
    evening: oneshot::Receiver<()>,
    lab: &Lab,
) -> Vec<Report> {
    // It is asked again after it has come. Fused, it is pending then.
    let mut evening = pin!(evening.fuse());
    let mut reports = Vec::new();
    loop {
        let sample = tokio::select! {
            biased;
            _ = &mut evening => {
                rack.close();
                continue;
            }
            sample = rack.recv() => sample,
        };
        // Not when it looks empty: a reserved place is good until its owner has used it or given it up.
        let Some(sample) = sample else { return reports };

        let mut analysis = pin!(lab.analyse(sample));
        reports.push(loop {
            tokio::select! {
                biased;
                _ = &mut evening => rack.close(),
                report = &mut analysis => break report,
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

/// A queue with room for so many samples, out of which the most urgent comes first.
///
/// Two semaphores count: the permits of one are free places, those of the other are samples to take. So
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
    sample: Sample,
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

    /// Puts a sample in, and waits for room if there is none.
    ///
    /// # Errors
    ///
    /// The sample, if the queue is closed.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, it has put nothing in.
    pub async fn put(&self, urgency: u8, sample: Sample) -> Result<(), Sample> {
        let place = self.free.acquire().await.map_err(|_| sample)?;
        {
            let mut inside = self.inside();
            // On another thread, `close` may have come since.
            if inside.closed {
                return Err(sample);
            }
            inside.arrivals += 1;
            let arrival = Reverse(inside.arrivals);
            inside.heap.push(Entry {
                urgency,
                arrival,
                sample,
            });
        }
        place.forget();
        self.filled.add_permits(1);
        Ok(())
    }

    /// Takes the most urgent sample, of equals the one that was put in first. Waits if there is none.
    /// `None` if the queue is closed and empty.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, it has taken nothing out.
    pub async fn take(&self) -> Option<Sample> {
        // An error says that the queue is closed. What is in the heap may be taken all the same.
        if let Ok(filled) = self.filled.acquire().await {
            filled.forget();
        }
        let entry = self.inside().heap.pop()?;
        self.free.add_permits(1);
        Some(entry.sample)
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

/// Brings every sample through the centrifuge, one of the `analysers`, and the archive, with `room` for waiting
/// ones before each of the last two. Returns how many reports were stored.
///
/// # Errors
///
/// [`Full`], at the instant at which the archive says so. Everything stops.
///
/// # Cancel safety
///
/// Dropping the future stops everything. What is between the stations is lost.
pub async fn pipeline(
    mut samples: mpsc::Receiver<Sample>,
    analysers: usize,
    room: usize,
    lab: &Lab,
) -> Result<usize, Full> {
    let (spun, to_analyse) = mpsc::channel(room);
    let (analysed, mut to_store) = mpsc::channel(room);

    let spin = async move {
        while let Some(sample) = samples.recv().await {
            let sample = lab.spin(sample).await;
            if spun.send(sample).await.is_err() {
                break;
            }
        }
        Ok(())
    };

    let to_analyse = tokio::sync::Mutex::new(to_analyse);
    let analyser = async |analysed: mpsc::Sender<Report>| {
        loop {
            let sample = to_analyse.lock().await.recv().await;
            let Some(sample) = sample else { return };
            let report = lab.analyse(sample).await;
            if analysed.send(report).await.is_err() {
                return;
            }
        }
    };
    let analysers = join_all((0..analysers).map(|_| analyser(analysed.clone())));
    // The analysers have one each. With this one left, the last station would wait for ever.
    drop(analysed);

    let store = async {
        let mut stored = 0;
        while let Some(report) = to_store.recv().await {
            lab.store(report).await?;
            stored += 1;
        }
        Ok(stored)
    };

    let ((), _, stored) = tokio::try_join!(spin, analysers.map(Ok), store)?;
    Ok(stored)
}

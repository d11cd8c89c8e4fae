//! The jobs: accepted once, and done at least once.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use thiserror::Error;
use tokio::sync::{Notify, watch};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, info};

use crate::journal::{Closed, Journal, Record};

/// What is known of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Job {
    /// It waits, or runs.
    Queued {
        /// What the client has sent.
        text: String,
    },
    /// It is done.
    Done {
        /// How many words the text has.
        words: usize,
    },
}

/// Why a job was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SubmitError {
    /// There are too many jobs that wait.
    #[error("too many jobs wait")]
    Full,
    /// The journal cannot be written.
    #[error(transparent)]
    Closed(#[from] Closed),
}

/// How many jobs there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Jobs that wait or run.
    pub queued: usize,
    /// Jobs that are done.
    pub done: usize,
}

/// All jobs. Clones share them.
#[derive(Debug, Clone)]
pub struct Jobs(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    journal: Journal,
    most: usize,
    state: Mutex<State>,
    /// Notified for each job that is put into the queue.
    queued: Notify,
    /// Changes with each job that is done.
    done: watch::Sender<()>,
    /// Jobs that are being stored.
    storing: TaskTracker,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    jobs: BTreeMap<u64, Job>,
    queue: VecDeque<u64>,
    /// Jobs that are being stored, wait or run.
    open: usize,
}

impl Jobs {
    /// The jobs that these records tell of. At most `most` jobs may wait.
    #[must_use]
    pub fn new(journal: Journal, records: Vec<Record>, most: usize) -> Self {
        let mut state = State::default();
        for record in records {
            let (id, job) = match record {
                Record::Job { id, text } => (id, Job::Queued { text }),
                Record::Done { id, words } => (id, Job::Done { words }),
            };
            state.last = state.last.max(id);
            state.jobs.insert(id, job);
        }
        let unfinished = state.jobs.iter();
        let unfinished = unfinished.filter(|(_, job)| matches!(job, Job::Queued { .. }));
        state.queue = unfinished.map(|(id, _)| *id).collect();
        state.open = state.queue.len();
        Self(Arc::new(Shared {
            journal,
            most,
            state: Mutex::new(state),
            queued: Notify::new(),
            done: watch::Sender::new(()),
            storing: TaskTracker::new(),
        }))
    }

    /// Stores a job, and returns its number when it is on the disk.
    ///
    /// # Errors
    ///
    /// See [`SubmitError`].
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the job is accepted all the same: otherwise it could be in the journal and not in the queue.
    pub async fn submit(&self, text: String) -> Result<u64, SubmitError> {
        let id = {
            let mut state = self.state();
            if state.open >= self.0.most {
                return Err(SubmitError::Full);
            }
            state.open += 1;
            state.last += 1;
            state.last
        };
        let jobs = self.clone();
        let store = async move { jobs.store(id, text).await };
        let storing = self.0.storing.spawn(store.in_current_span());
        storing.await.map_err(|_| Closed)?
    }

    async fn store(&self, id: u64, text: String) -> Result<u64, SubmitError> {
        let record = Record::Job {
            id,
            text: text.clone(),
        };
        let stored = self.0.journal.append(record).await;
        let mut state = self.state();
        if let Err(closed) = stored {
            state.open -= 1;
            return Err(closed.into());
        }
        state.jobs.insert(id, Job::Queued { text });
        state.queue.push_back(id);
        drop(state);
        self.0.queued.notify_one();
        info!(job = id, "job stored");
        Ok(id)
    }

    /// The job with this number.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<Job> {
        self.state().jobs.get(&id).cloned()
    }

    /// Waits until the job is done.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost.
    pub async fn result(&self, id: u64) -> Option<Job> {
        let mut done = self.0.done.subscribe();
        loop {
            let job = self.get(id)?;
            if matches!(job, Job::Done { .. }) {
                return Some(job);
            }
            done.changed().await.ok()?;
        }
    }

    /// How many jobs there are.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let state = self.state();
        Counts {
            queued: state.open,
            done: state.jobs.len().saturating_sub(state.open),
        }
    }

    /// Runs one job after the other until `stop` is cancelled. A job that runs then is finished.
    ///
    /// # Errors
    ///
    /// If the journal cannot be written.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the job that it runs is put back into the queue, and begins again.
    pub async fn work(self, takes: Duration, stop: CancellationToken) -> Result<(), Closed> {
        while let Some(taken) = stop.run_until_cancelled(self.take()).await {
            sleep(takes).await; // Your work is here.
            let words = taken.text.split_whitespace().count();
            taken.finish(words).await?;
        }
        Ok(())
    }

    async fn take(&self) -> Taken<'_> {
        loop {
            if let Some(taken) = self.try_take() {
                return taken;
            }
            self.0.queued.notified().await;
        }
    }

    fn try_take(&self) -> Option<Taken<'_>> {
        let mut state = self.state();
        let id = state.queue.pop_front()?;
        let text = match state.jobs.get(&id) {
            Some(Job::Queued { text }) => text.clone(),
            _ => return None,
        };
        Some(Taken {
            jobs: self,
            id,
            text,
            is_done: false,
        })
    }

    /// Waits for the jobs that are being stored, and closes the journal.
    ///
    /// # Errors
    ///
    /// If the journal could not be written.
    pub async fn close(self) -> Result<(), Closed> {
        self.0.storing.close();
        self.0.storing.wait().await;
        self.0.journal.clone().close().await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.0.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job that runs. If it is dropped before it is done, another worker takes the job.
struct Taken<'a> {
    jobs: &'a Jobs,
    id: u64,
    text: String,
    is_done: bool,
}

impl Taken<'_> {
    async fn finish(mut self, words: usize) -> Result<(), Closed> {
        let id = self.id;
        let record = Record::Done { id, words };
        self.jobs.0.journal.append(record).await?;
        let mut state = self.jobs.state();
        state.jobs.insert(id, Job::Done { words });
        state.open -= 1;
        drop(state);
        self.is_done = true;
        self.jobs.0.done.send_replace(());
        info!(job = id, words, "job done");
        Ok(())
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            self.jobs.state().queue.push_front(self.id);
            self.jobs.0.queued.notify_one();
        }
    }
}

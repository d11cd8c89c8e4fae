//! Tasks: the jobs of a photo lab, each on a task of its own.
//!
//! Every task here has an owner that aborts it when it is dropped: an `AbortOnDropHandle` for one, a `JoinSet` for
//! several. [`Background`] is the one exception, and says so.

use std::any::Any;
use std::fmt;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use grading::not_send::{Lamp, LightMeter};
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// A job that panicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoiled {
    /// The panic's message, or "?" if it had none.
    pub message: String,
}

/// Runs `job` on a task of its own, and returns what it returns.
///
/// # Errors
///
/// If the job panics: the panic's message.
///
/// # Cancel safety
///
/// Dropping the future aborts the job.
pub async fn develop<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, Spoiled> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| Spoiled {
        message: message(&*payload(error)),
    })
}

/// Runs all `jobs` at the same time, each on a task of its own: the results, in the order of `jobs`.
///
/// # Panics
///
/// If a job does, at that instant and with the same payload. The other jobs are aborted.
///
/// # Cancel safety
///
/// Dropping the future aborts all jobs; the results so far are lost.
pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut tasks = numbered(jobs);
    let mut results = Vec::with_capacity(tasks.len());
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(result) => results.push(result),
            Err(error) => resume_unwind(payload(error)),
        }
    }
    in_order(results)
}

/// Exposes a sheet of paper to `lamp` for `time`: what a [`LightMeter`] shows before and after, in lux.
///
/// # Cancel safety
///
/// Dropping the future leaves nothing behind.
pub async fn expose(lamp: &Lamp, time: Duration) -> (u32, u32) {
    // Two meters, each of which is gone at the end of its line: one that lived across the `.await` would make the
    // future stay on its thread.
    let before = LightMeter::held_to(lamp).lux();
    sleep(time).await;
    (before, LightMeter::held_to(lamp).lux())
}

/// A scope for jobs: when it is over, so are they.
///
/// Dropping the room, or the future of [`close`](Darkroom::close), aborts all jobs that have not ended.
#[derive(Debug)]
pub struct Darkroom {
    jobs: JoinSet<()>,
}

impl Darkroom {
    /// A room without any jobs.
    pub fn open() -> Self {
        Self {
            jobs: JoinSet::new(),
        }
    }

    /// Begins `job` on a task of its own, and does not wait for it.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    pub fn start(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.spawn(job);
    }

    /// Waits until all jobs have ended, be it by a panic.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future aborts what has not ended.
    pub async fn close(mut self) {
        // Not `join_all`, which goes on with the first panic.
        while self.jobs.join_next().await.is_some() {}
    }
}

/// Runs all `jobs` at the same time, each on a task of its own: the results, in the order of `jobs`.
///
/// # Errors
///
/// The first error in time, at that instant. The other jobs are aborted, and gone when the function returns.
///
/// # Panics
///
/// If a job does, with the same payload, when the others are gone.
///
/// # Cancel safety
///
/// Dropping the future aborts all jobs and waits for none; the results so far are lost.
pub async fn all_or_none<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = numbered(jobs);
    let mut results = Vec::with_capacity(tasks.len());
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok((place, Ok(result))) => results.push((place, result)),
            Ok((_, Err(error))) => {
                tasks.shutdown().await;
                return Err(error);
            }
            Err(panicked) => {
                tasks.shutdown().await;
                resume_unwind(payload(panicked));
            }
        }
    }
    Ok(in_order(results))
}

/// What hears of each job: its name, and how it went.
type Listener = dyn Fn(&str, Result<(), Spoiled>) + Send + Sync;

/// Jobs that nobody waits for, one by one.
///
/// Dropping it stops nothing: the jobs go on, and are told of as before.
pub struct Background {
    jobs: TaskTracker,
    on_end: Arc<Listener>,
}

impl Background {
    /// Without any jobs. `on_end` is called once for each job, at the instant it ends, with its name: `Ok` if it was
    /// developed, an error if it panicked. It must not panic: then nobody would be told of that job.
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }

    /// Begins `job` on a task of its own, and does not wait for it.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = develop(job);
        self.jobs.spawn(async move { on_end(&name, job.await) });
    }

    /// How many jobs were started and have not been told of yet.
    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    /// Waits until all jobs have ended and all have been told of.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops no job.
    pub async fn finish(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}

impl fmt::Debug for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let running = self.running();
        f.debug_struct("Background")
            .field("running", &running)
            .finish_non_exhaustive()
    }
}

/// Each of `jobs` on a task of its own, its result beside its place in the list.
fn numbered<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> JoinSet<(usize, T)> {
    let jobs = jobs.into_iter().enumerate();
    jobs.map(|(place, job)| async move { (place, job.await) })
        .collect()
}

fn in_order<T>(mut numbered: Vec<(usize, T)>) -> Vec<T> {
    numbered.sort_unstable_by_key(|(place, _)| *place);
    numbered.into_iter().map(|(_, value)| value).collect()
}

/// What a job panicked with. It has no other way to fail: whoever could abort it has been dropped by then.
fn payload(error: JoinError) -> Box<dyn Any + Send> {
    error.into_panic()
}

/// A panic's message is a `String` if it was formatted, and a `&'static str` if it was not.
fn message(payload: &(dyn Any + Send)) -> String {
    if let Some(message) = payload.downcast_ref::<String>() {
        message.clone()
    } else if let Some(message) = payload.downcast_ref::<&str>() {
        (*message).to_owned()
    } else {
        "?".to_owned()
    }
}

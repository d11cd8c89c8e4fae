//! Tasks: the background jobs of a service, each on a task of its own.
//!
//! Every task here has an owner that aborts it when it is dropped: an `AbortOnDropHandle` for one task, a `JoinSet`
//! for several. [`BackgroundTasks`] is the exception, and says so.

use std::any::Any;
use std::fmt;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use grading::not_send::{Connection, Table};
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// The error of a job that panicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobPanicked {
    /// The panic's message, or "?" if it had none.
    pub message: String,
}

/// Runs `job` on a task of its own, and returns its output.
///
/// # Errors
///
/// If the job panics: the panic's message.
///
/// # Cancel safety
///
/// If the future is dropped, the job is aborted.
pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| JobPanicked {
        message: message(&*payload(error)),
    })
}

/// Runs all `jobs` at the same time, each on a task of its own, and returns their outputs in the order of `jobs`.
///
/// # Panics
///
/// If a job panics: at the same instant and with the same payload. The other jobs are aborted.
///
/// # Cancel safety
///
/// If the future is dropped, all jobs are aborted; the outputs so far are lost.
pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok(output) => outputs.push(output),
            Err(error) => resume_unwind(payload(error)),
        }
    }
    in_order(outputs)
}

/// Counts the rows of `table`, waits for `interval`, and counts them again.
///
/// # Cancel safety
///
/// Dropping the future leaves nothing behind.
pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    // Two connections, each of which is dropped at the end of its statement: one that lived across the `.await` would
    // tie the future to its thread.
    let before = Connection::open(table).count_rows();
    sleep(interval).await;
    (before, Connection::open(table).count_rows())
}

/// A scope for tasks: when it ends, so do they.
///
/// If the scope, or the future of [`join`](TaskScope::join), is dropped, all jobs that have not ended are aborted.
#[derive(Debug, Default)]
pub struct TaskScope {
    jobs: JoinSet<()>,
}

impl TaskScope {
    /// Creates a scope without jobs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts `job` on a task of its own. Does not wait for it.
    ///
    /// # Panics
    ///
    /// Outside of a runtime.
    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.spawn(job);
    }

    /// Waits until all jobs have ended, including those that panic.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the jobs that have not ended are aborted.
    pub async fn join(mut self) {
        // Not `join_all`, which panics if a task has panicked.
        while self.jobs.join_next().await.is_some() {}
    }
}

/// Runs all `jobs` at the same time, each on a task of its own, and returns their outputs in the order of `jobs`.
///
/// # Errors
///
/// The first error in time, at that instant. The other jobs are aborted, and gone when the function returns.
///
/// # Panics
///
/// If a job panics: at that instant and with the same payload, when the other jobs are gone. A panic of a job that is
/// being stopped is ignored.
///
/// # Cancel safety
///
/// If the future is dropped, all jobs are aborted and none is waited for; the outputs so far are lost.
pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok((index, Ok(output))) => outputs.push((index, output)),
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
    Ok(in_order(outputs))
}

/// Called for each job with its name, and with an error if it panicked.
type OnEnd = dyn Fn(&str, Result<(), JobPanicked>) + Send + Sync;

/// Jobs that run in the background, and a callback that is told how each of them ended.
///
/// Dropping it aborts no job: all of them run on, and the callback is called as before.
pub struct BackgroundTasks {
    jobs: TaskTracker,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    /// Creates an empty group. `on_end` is called once for each job, at the instant at which the job ends, with the
    /// job's name, and with an error if the job panicked. It may use the group. It must not panic: nothing would report
    /// that.
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }

    /// Starts `job` on a task of its own. Does not wait for it.
    ///
    /// # Panics
    ///
    /// Outside of a runtime.
    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = run_isolated(job);
        self.jobs.spawn(async move { on_end(&name, job.await) });
    }

    /// The number of jobs that were spawned and for which `on_end` has not returned yet.
    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    /// Waits until all jobs have ended and `on_end` has returned for each of them.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no job is aborted.
    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}

impl fmt::Debug for BackgroundTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let running = self.running();
        f.debug_struct("BackgroundTasks")
            .field("running", &running)
            .finish_non_exhaustive()
    }
}

/// Spawns each of `jobs`; its output comes with its index.
fn spawn_numbered<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> JoinSet<(usize, T)> {
    let jobs = jobs.into_iter().enumerate();
    jobs.map(|(index, job)| async move { (index, job.await) })
        .collect()
}

fn in_order<T>(mut numbered: Vec<(usize, T)>) -> Vec<T> {
    numbered.sort_unstable_by_key(|(index, _)| *index);
    numbered.into_iter().map(|(_, output)| output).collect()
}

/// What a job panicked with. A join error here is never a cancellation: only the owner of a task aborts it, and then
/// nothing awaits it any more.
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

//! Tasks: the background jobs of a service, each on a task of its own.
//!
//! A job is a future: a thumbnail to render, an email to send, a report to compute. The service can't look inside it;
//! it can only run it.

use std::time::Duration;

use grading::not_send::Table;

/// The error of a job that panicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobPanicked {
    /// The panic's message, or "?" if it had none (`std::panic::panic_any` panics with any value).
    pub message: String,
}

/// Runs `job` on a task of its own, and returns its output.
///
/// # Errors
///
/// If the job panics: the panic's message, unchanged. An empty message is a message.
///
/// # Cancel safety
///
/// If the future is dropped, the job is aborted.
pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    todo!()
}

/// Runs all `jobs` at the same time, each on a task of its own, and returns their outputs in the order of `jobs`.
///
/// # Panics
///
/// If a job panics, the function panics at the same instant, with the same payload, and the other jobs are aborted. (If
/// several jobs panic at the same instant, it is the payload of one of them.)
///
/// # Cancel safety
///
/// If the future is dropped, all jobs are aborted.
pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    todo!()
}

/// Counts the rows of `table` with a [`Connection`](grading::not_send::Connection), waits for `interval`, however long
/// that is, and counts them again. Opens as many connections as it needs.
///
/// Returns the first count and the second one. The future is `Send`, so that a handler that awaits it can be spawned.
pub async fn count_rows_twice(table: &Table, interval: Duration) -> (u32, u32) {
    todo!()
}

/// A scope for tasks: when it ends, so do they.
///
/// If the scope, or the future of [`join`](TaskScope::join), is dropped, all jobs that have not ended are aborted.
#[derive(Debug, Default)]
pub struct TaskScope {
    // Replace this field with yours.
    _jobs: std::marker::PhantomData<()>,
}

impl TaskScope {
    /// Creates a scope without jobs. It needs no runtime.
    pub fn new() -> Self {
        todo!()
    }

    /// Starts `job` on a task of its own. Does not wait for it.
    ///
    /// # Panics
    ///
    /// If it is called outside of a runtime, as `tokio::spawn` does.
    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        todo!()
    }

    /// Waits until all jobs have ended. If a job panics, it has ended: the other jobs run on, and `join` does not panic.
    pub async fn join(mut self) {
        todo!()
    }
}

/// Runs all `jobs` at the same time, each on a task of its own, and returns their outputs in the order of `jobs`.
///
/// # Errors
///
/// The first error in time (one of them, if several jobs fail at the same instant). The other jobs are aborted, and all
/// of them are gone when the function returns, which it does at the instant of the error.
///
/// # Panics
///
/// If a job panics, the other jobs are aborted, and when all of them are gone the function panics with the same
/// payload, at the instant of the job's panic.
///
/// The first error or panic in time decides; at the same instant, any of them may. What happens while the other jobs
/// are stopped, such as a panic in a destructor, changes nothing.
///
/// # Cancel safety
///
/// If the future is dropped, all jobs are aborted.
pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    todo!()
}

/// Jobs that run in the background, and a callback that is told how each of them ended.
///
/// Dropping it aborts no job: all of them run on, and the callback is called as before.
pub struct BackgroundTasks {
    // Replace this field with yours.
    _jobs: std::marker::PhantomData<()>,
}

impl BackgroundTasks {
    /// Creates an empty group, which needs no runtime. `on_end` is called once for each job, at the instant at which the
    /// job ends, with the job's name, and with an error if the job panicked. `on_end` may call `spawn` and `running` of
    /// this group. It must not panic.
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        todo!()
    }

    /// Starts `job` on a task of its own. Does not wait for it. Several jobs may have the same name.
    ///
    /// # Panics
    ///
    /// If it is called outside of a runtime, as `tokio::spawn` does.
    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        todo!()
    }

    /// The number of jobs that were spawned and for which `on_end` has not been called yet. While it is being called for
    /// a job, that job may be counted or not.
    pub fn running(&self) -> usize {
        todo!()
    }

    /// Waits until all jobs have ended and `on_end` has returned for each of them.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no job is aborted.
    pub async fn join(self) {
        todo!()
    }
}

//! Tasks: the jobs of a photo lab, each on a task of its own.
//!
//! A job is a future that develops a film. The lab may not copy it or look inside; it can only run it.

use std::time::Duration;

use grading::not_send::Lamp;

/// A job that panicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoiled {
    /// The panic's message, or "?" if it had none (`std::panic::panic_any` panics with any value).
    pub message: String,
}

/// Runs `job` on a task of its own.
///
/// Returns what the job returns. If the job panics, that is an error with the panic's message, as it was said.
/// If the future is dropped, the job stops.
pub async fn develop<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, Spoiled> {
    todo!()
}

/// Runs all `jobs` at the same time, each on a task of its own.
///
/// Returns the results in the order of `jobs`. If a job panics, the function panics at that instant, with the same
/// payload, and the other jobs stop.
/// If the future is dropped, all jobs stop.
pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    todo!()
}

/// Exposes a sheet of paper to `lamp`, for `time`.
///
/// Returns what a [`LightMeter`](grading::not_send::LightMeter) shows, in lux: at the beginning, and when `time` is over.
/// The future is `Send`, so that whoever awaits it may be spawned.
pub async fn expose(lamp: &Lamp, time: Duration) -> (u32, u32) {
    todo!()
}

/// A scope for jobs: when it is over, so are they.
///
/// Dropping the room, or the future of [`close`](Darkroom::close), stops all jobs that have not ended.
#[derive(Debug)]
pub struct Darkroom {
    // Your fields in place of this one.
    _jobs: std::marker::PhantomData<()>,
}

impl Darkroom {
    /// A room without any jobs.
    pub fn open() -> Self {
        todo!()
    }

    /// Begins `job` on a task of its own, and does not wait for it.
    pub fn start(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        todo!()
    }

    /// Waits until all jobs have ended. One that panics has ended as well, and stops no other.
    pub async fn close(mut self) {
        todo!()
    }
}

/// Runs all `jobs` at the same time, each on a task of its own, and needs every one of them.
///
/// Returns the results in the order of `jobs`. The first error in time is the result, at that instant; a job that
/// panics makes the function panic, with the same payload. In both cases the other jobs stop, and they are gone
/// before the function ends.
/// If the future is dropped, all jobs stop.
pub async fn all_or_none<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    todo!()
}

/// Jobs that nobody waits for, one by one.
///
/// Dropping it stops nothing: the jobs go on, and are told of as before.
pub struct Background {
    // Your fields in place of this one.
    _jobs: std::marker::PhantomData<()>,
}

impl Background {
    /// Without any jobs. `on_end` is called once for each job, at the instant it ends, with its name: `Ok` if it was
    /// developed, an error if it panicked. It does not panic itself.
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        todo!()
    }

    /// Begins `job` on a task of its own, and does not wait for it.
    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        todo!()
    }

    /// How many jobs were started and have not been told of yet.
    pub fn running(&self) -> usize {
        todo!()
    }

    /// Waits until all jobs have ended and all have been told of. Dropping its future stops no job.
    pub async fn finish(self) {
        todo!()
    }
}

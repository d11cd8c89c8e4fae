//! Runs jobs under supervisor processes, a limited number at a time.

use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::cancel::Cancel;
use crate::error::Error;
use crate::job::{Ended, Finished, Job, Output};
use crate::runner::Runner;
use crate::spec::JobSpec;

mod guard;
mod queue;

use guard::Guard;
use queue::Queue;

/// Runs each job under a *guard*: this program, started once more as a supervisor process.
///
/// A guard adopts the orphans of its job, kills them even if this program is killed, and is reused for
/// the next job. Guards are started on demand and exit when this value is dropped or this program exits.
pub struct Guards {
    command: Box<dyn Fn() -> Command + Send + Sync>,
    queue: Queue,
    idle: Mutex<Vec<Guard>>,
}

impl Guards {
    /// Guards that are started with `command`, which must call [`guard_main`](crate::guard_main).
    /// At most `at_most` of them run at once; further jobs wait in a first-in, first-out queue.
    ///
    /// A guard inherits its standard error from the command. Its folder and environment are also those
    /// of its jobs, unless a job sets its own.
    ///
    /// # Panics
    ///
    /// If `at_most` is 0.
    pub fn new(command: impl Fn() -> Command + Send + Sync + 'static, at_most: usize) -> Self {
        assert!(at_most > 0, "no job would ever run without a guard");
        Self {
            command: Box::new(command),
            queue: Queue::new(at_most),
            idle: Mutex::default(),
        }
    }

    /// Guards of which as many run at once as this machine has cores.
    pub fn of_cores(command: impl Fn() -> Command + Send + Sync + 'static) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self::new(command, cores)
    }

    /// Sends the job to an idle guard, or else to a new one.
    fn dispatch(&self, spec: &JobSpec) -> Result<Guard, Error> {
        while let Some(mut guard) = self.take_idle() {
            if guard.is_running() && guard.send_job(spec).is_ok() {
                return Ok(guard);
            }
        }
        let mut guard = Guard::start((self.command)()).map_err(Error::NoGuard)?;
        guard.send_job(spec).map_err(Error::NoGuard)?;
        Ok(guard)
    }

    fn take_idle(&self) -> Option<Guard> {
        self.idle().pop()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Guard>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runner for Guards {
    fn run(
        &self,
        job: &Job,
        cancel: &Cancel,
        output: &mut dyn FnMut(Output),
    ) -> Result<Finished, Error> {
        let Some(_slot) = self.queue.wait(cancel) else {
            return Ok(Finished::after(Ended::Cancelled, Duration::ZERO));
        };
        let spec = JobSpec::new(job);
        let mut guard = self.dispatch(&spec)?;
        let started = Instant::now();
        match guard.wait(&spec, cancel, output) {
            // The guard is not reused: a process of this job that survives must not count as the next job's.
            Some(Err(error @ Error::NotEnded(_))) => Err(error),
            Some(ran) => {
                self.idle().push(guard);
                ran
            }
            None => Ok(Finished {
                left_behind: guard.kill(&spec)?,
                ..Finished::after(Ended::Lost, started.elapsed())
            }),
        }
    }
}

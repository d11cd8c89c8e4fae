//! Running jobs in processes of their own, a few at a time.

use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::order::Order;
use crate::{Cancel, Ended, Error, Finished, Job, Output, Runner};

mod guard;
mod line;

use guard::Guard;
use line::Line;

/// Runs each job under a *guard*: this program, started once more to do nothing else.
///
/// A guard adopts what its job leaves behind, ends it even if this program is killed, and is used again
/// for the next job. Guards are started when they are needed and end with this value, or with this
/// program.
pub struct Guards {
    command: Box<dyn Fn() -> Command + Send + Sync>,
    line: Line,
    idle: Mutex<Vec<Guard>>,
}

impl Guards {
    /// Guards that are started with `command`, which has to call [`guard_main`](crate::guard_main), and
    /// of which `at_most` run at once. Later jobs wait in line, first come, first served.
    ///
    /// A guard's standard error is that of the command, its folder and environment are those of its
    /// jobs unless a job says otherwise.
    ///
    /// # Panics
    ///
    /// If `at_most` is 0.
    pub fn new(command: impl Fn() -> Command + Send + Sync + 'static, at_most: usize) -> Self {
        assert!(at_most > 0, "without a single guard no job would ever run");
        Self {
            command: Box::new(command),
            line: Line::new(at_most),
            idle: Mutex::default(),
        }
    }

    /// Guards of which as many run at once as this machine has cores.
    pub fn of_cores(command: impl Fn() -> Command + Send + Sync + 'static) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self::new(command, cores)
    }

    /// Gives the order to an idle guard, or else to a new one.
    fn give(&self, order: &Order) -> Result<Guard, Error> {
        while let Some(mut guard) = self.take_idle() {
            if guard.is_there() && guard.give(order).is_ok() {
                return Ok(guard);
            }
        }
        let mut guard = Guard::start((self.command)()).map_err(Error::NoGuard)?;
        guard.give(order).map_err(Error::NoGuard)?;
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
        let Some(_place) = self.line.wait(cancel) else {
            return Ok(Finished::after(Ended::Cancelled, Duration::ZERO));
        };
        let order = Order::new(job);
        let mut guard = self.give(&order)?;
        let started = Instant::now();
        match guard.watch(&order, cancel, output) {
            // What withstands this job's end must not be taken for the next one's.
            Some(Err(error @ Error::NotEnded(_))) => Err(error),
            Some(ran) => {
                self.idle().push(guard);
                ran
            }
            None => Ok(Finished {
                left_behind: guard.give_up(&order)?,
                ..Finished::after(Ended::Lost, started.elapsed())
            }),
        }
    }
}

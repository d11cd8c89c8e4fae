//! Runs jobs from this process.

use std::panic;
use std::sync::mpsc;
use std::thread;

use crate::cancel::Cancel;
use crate::error::Error;
use crate::job::{Finished, Job, Output};
use crate::runner::Runner;
use crate::spec::JobSpec;
use crate::supervise::{Progress, supervise};
use crate::tree::Orphans;

/// Runs jobs from this process, for programs that cannot be started again as a guard.
///
/// If this process is killed, its jobs go on. On Linux, a process that has cleared its environment, left its
/// group and lost its parent is not found. There is no queue: every job starts at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct InProcess;

impl Runner for InProcess {
    fn run(
        &self,
        job: &Job,
        cancel: &Cancel,
        output: &mut dyn FnMut(Output),
    ) -> Result<Finished, Error> {
        let spec = &JobSpec::new(job);
        thread::scope(|scope| {
            let (tx, printed) = mpsc::channel();
            // Supervised on another thread, because `output` may take its time.
            let supervisor = scope.spawn(move || {
                supervise(spec, Orphans::Lost, cancel, &mut |progress| {
                    if let Progress::Printed(output) = progress {
                        // Fails if `output` has panicked.
                        let _ = tx.send(output);
                    }
                })
            });
            printed.into_iter().for_each(output);
            supervisor
                .join()
                .unwrap_or_else(|panic| panic::resume_unwind(panic))
        })
    }
}

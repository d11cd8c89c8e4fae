//! Running jobs from this very process.

use std::panic;
use std::sync::mpsc;
use std::thread;

use crate::order::Order;
use crate::supervise::{Orphans, Progress, supervise};
use crate::{Cancel, Error, Finished, Job, Output, Runner};

/// Runs jobs from this very process, for when it cannot be started again as a guard.
///
/// If it is killed, its jobs go on. On Linux, a process that has cleared its environment, left its
/// group and lost its parent is not found. Nobody waits in line: whatever is asked for runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct InProcess;

impl Runner for InProcess {
    fn run(
        &self,
        job: &Job,
        cancel: &Cancel,
        output: &mut dyn FnMut(Output),
    ) -> Result<Finished, Error> {
        let order = &Order::new(job);
        thread::scope(|scope| {
            let (sender, printed) = mpsc::channel();
            // On a thread of its own: who takes the output may take their time.
            let supervisor = scope.spawn(move || {
                supervise(order, Orphans::Lost, cancel, &mut |progress| {
                    if let Progress::Printed(output) = progress {
                        // Nobody takes it if taking it has panicked.
                        let _ = sender.send(output);
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

//! Runs programs under limits, and ends whole trees of processes.

mod cancel;
mod error;
mod guard_main;
mod guards;
mod in_process;
mod job;
mod order;
mod pause;
mod protocol;
mod supervise;
mod text;

pub use cancel::Cancel;
pub use error::Error;
pub use guard_main::guard_main;
pub use guards::Guards;
pub use in_process::InProcess;
pub use job::{Ended, Finished, Job, Limit, Limits, Output};
pub use text::{Printed, run_to_text};

/// Something that runs jobs.
pub trait Runner: Send + Sync {
    /// Runs a job to its end and gives what it prints to `output`, as it comes. When this returns,
    /// no process of the job is alive, as far as the system lets know.
    ///
    /// # Errors
    ///
    /// If the job cannot be started or ended. How it ends is no error.
    fn run(
        &self,
        job: &Job,
        cancel: &Cancel,
        output: &mut dyn FnMut(Output),
    ) -> Result<Finished, Error>;
}

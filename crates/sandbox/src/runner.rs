//! The interface that runs jobs.

use crate::cancel::Cancel;
use crate::error::Error;
use crate::job::{Finished, Job, Output};

/// Something that runs jobs.
pub trait Runner: Send + Sync {
    /// Runs a job to its end and passes what it prints to `output` as it arrives. When this returns,
    /// no process of the job is alive, as far as the system can tell.
    ///
    /// # Errors
    ///
    /// If the job cannot be started or killed. How the program ends is not an error.
    fn run(
        &self,
        job: &Job,
        cancel: &Cancel,
        output: &mut dyn FnMut(Output),
    ) -> Result<Finished, Error>;
}

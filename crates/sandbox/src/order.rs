//! A job with the mark that its processes carry.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::Job;

/// The variable that every process of a job has in its environment, unless it clears it.
pub(crate) const MARK: &str = "SANDBOX_JOB";

/// A job with the mark that its processes carry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    pub job: Job,
    /// The value of [`MARK`], which no other job has.
    pub mark: String,
}

impl Order {
    pub fn new(job: &Job) -> Self {
        Self {
            job: job.clone(),
            mark: format!("{:016x}{:016x}", random(), random()),
        }
    }

    /// The command to start: in a process group of its own, so that a signal from the terminal does
    /// not reach it, and all that stay in the group can be killed at once.
    pub fn command(&self) -> Command {
        let mut command = self.job.command();
        command.env(MARK, &self.mark);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }
}

/// The standard library has no other source of random numbers.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

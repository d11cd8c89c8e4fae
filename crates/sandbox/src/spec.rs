//! A job together with the mark that its processes carry.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::process::{Child, Command};

use serde::{Deserialize, Serialize};

use crate::confine;
use crate::job::Job;

/// The environment variable by which the processes of a job are recognised. A process may clear it.
pub(crate) const MARK: &str = "SANDBOX_JOB";

/// A job together with the mark that its processes carry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JobSpec {
    pub job: Job,
    /// The value of [`MARK`], unique to this job.
    pub mark: String,
}

impl JobSpec {
    pub fn new(job: &Job) -> Self {
        Self {
            job: job.clone(),
            mark: format!("{:016x}{:016x}", random(), random()),
        }
    }

    /// Starts its first process.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn spawn(&self) -> io::Result<Child> {
        if self.job.is_confined() {
            confine::spawn(self.command(), self.job.own_folder())
        } else {
            self.command().spawn()
        }
    }

    /// The command to start. It gets its own process group, so that signals from the terminal do not
    /// reach it, and every process that stays in the group can be killed at once.
    fn command(&self) -> Command {
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

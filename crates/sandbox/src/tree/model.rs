//! What is known about a process tree, on every system.

use std::process::ExitStatus;
use std::time::Duration;

use crate::job::{Limit, Limits};

/// What happens to processes whose parent has exited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Orphans {
    /// They become children of this process, which has no other children than those of the job.
    Adopted,
    /// They become children of the system's first process, and have to be searched for.
    Lost,
}

/// What the processes of a job use.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// CPU time since the start, including processes that have exited.
    pub cpu: Duration,
    /// Resident bytes.
    pub memory: u64,
    /// How many processes are alive.
    pub processes: usize,
    /// Bytes of files.
    pub files: u64,
}

/// How a tree ended.
#[derive(Debug)]
pub(crate) struct TreeExit {
    /// The exit status of the first process.
    pub status: ExitStatus,
    /// How many other processes had to be killed.
    pub others: usize,
}

impl Usage {
    /// Raises each value to that of `seen`, if that is larger.
    pub(crate) fn raise_to(&mut self, seen: Self) {
        self.cpu = self.cpu.max(seen.cpu);
        self.memory = self.memory.max(seen.memory);
        self.processes = self.processes.max(seen.processes);
        self.files = self.files.max(seen.files);
    }

    /// The limit that it exceeds, if any.
    pub(crate) fn exceeds(&self, limits: &Limits) -> Option<Limit> {
        if self.processes > limits.processes {
            Some(Limit::Processes)
        } else if self.memory > limits.memory {
            Some(Limit::Memory)
        } else if self.files > limits.files {
            Some(Limit::Files)
        } else if self.cpu > limits.cpu {
            Some(Limit::Cpu)
        } else {
            None
        }
    }
}

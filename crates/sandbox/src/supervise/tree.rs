//! The processes of a job: what they use, and how all of them are ended.

use std::process::ExitStatus;
use std::time::Duration;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod root;
#[cfg(all(unix, not(target_os = "linux")))]
mod unix;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(unix))]
use other as system;
#[cfg(all(unix, not(target_os = "linux")))]
use unix as system;

pub(crate) use system::{Tree, become_guardian, sweep};

/// What the processes of a job use.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// Time on processors since the start, those that have ended included.
    pub cpu: Duration,
    /// Resident bytes.
    pub memory: u64,
    /// How many are alive.
    pub processes: usize,
}

/// What became of a tree.
#[derive(Debug)]
pub(crate) struct End {
    /// Of the first process.
    pub status: ExitStatus,
    /// How many others had to be killed.
    pub others: usize,
}

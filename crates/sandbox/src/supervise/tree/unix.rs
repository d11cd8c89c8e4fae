//! On other Unix systems: a job is its process group.

use std::io;
use std::process::Child;
use std::sync::mpsc::Sender;

use rustix::process::{Pid, Signal, kill_process_group};

use super::super::{Event, Orphans};
use super::{End, Usage, root};
use crate::Limits;

/// Nothing can be had from these systems.
pub(crate) fn become_guardian() {}

/// The process group of one job.
pub(crate) struct Tree {
    child: Child,
    root: Pid,
}

impl Tree {
    pub(crate) fn new(child: Child, _mark: &str, _orphans: Orphans) -> Self {
        Self {
            root: Pid::from_child(&child),
            child,
        }
    }

    /// These systems set limits for the process that asks only.
    pub(crate) fn restrict(&self, _limits: &Limits) {}

    pub(crate) fn announce_end(&self, events: Sender<Event>) {
        root::announce_end(self.root, events);
    }

    /// Is not known.
    pub(crate) fn usage(&self, _most: usize) -> Usage {
        Usage::default()
    }

    /// Kills the group.
    ///
    /// # Errors
    ///
    /// If the system does not say how the first process ended.
    pub(crate) fn end(mut self) -> io::Result<End> {
        // Once it is acknowledged, the group has members only if others were left.
        let _ = self.child.try_wait()?;
        let others = usize::from(kill_process_group(self.root, Signal::KILL).is_ok());
        Ok(End {
            status: self.child.wait()?,
            others,
        })
    }
}

/// Kills the groups that these processes lead, and says that nothing else was left, since nobody knows.
///
/// # Errors
///
/// None.
pub(crate) fn sweep(ancestors: &[u32], _mark: &str) -> io::Result<usize> {
    for leader in ancestors.iter().map(|pid| pid.cast_signed()) {
        if let Some(group) = Pid::from_raw(leader) {
            // Fails if the group is empty.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    Ok(0)
}

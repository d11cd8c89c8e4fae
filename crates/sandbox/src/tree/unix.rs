//! Unix systems other than Linux: a job is its process group.

use std::io;
use std::process::Child;
use std::sync::mpsc::Sender;

use rustix::process::{Pid, Signal, kill_process_group};

use super::model::{Orphans, TreeExit, Usage};
use super::root;
use crate::event::Event;
use crate::job::Limits;

/// These systems have no subreapers.
pub(crate) fn become_subreaper() {}

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

    /// On these systems a process can set limits only for itself.
    pub(crate) fn set_rlimits(&self, _limits: &Limits) {}

    pub(crate) fn report_exit(&self, events: Sender<Event>) {
        root::report_exit(self.root, events);
    }

    /// Not known on these systems.
    pub(crate) fn usage(&self, _most: usize) -> Usage {
        Usage::default()
    }

    /// Not known on these systems.
    pub(crate) fn deleted_files(&self) -> u64 {
        0
    }

    /// Kills the group.
    ///
    /// # Errors
    ///
    /// If the system does not report how the first process ended.
    pub(crate) fn kill(mut self) -> io::Result<TreeExit> {
        // Once the first process is reaped, the group has members only if others were left.
        let _ = self.child.try_wait()?;
        let others = usize::from(kill_process_group(self.root, Signal::KILL).is_ok());
        Ok(TreeExit {
            status: self.child.wait()?,
            others,
        })
    }
}

/// Kills the groups that these processes lead. Returns 0, because the number of other processes is not known.
///
/// # Errors
///
/// None.
pub(crate) fn kill_job(ancestors: &[u32], _mark: &str) -> io::Result<usize> {
    for leader in ancestors.iter().map(|pid| pid.cast_signed()) {
        if let Some(group) = Pid::from_raw(leader) {
            // Fails if the group is empty.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    Ok(0)
}

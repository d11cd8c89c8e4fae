//! Systems other than Unix: only the first process of a job is known.

use std::io;
use std::process::Child;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::model::{Orphans, TreeExit, Usage};
use crate::event::Event;
use crate::job::Limits;
use crate::pause::{TICK, pause};

/// These systems have no subreapers.
pub(crate) fn become_subreaper() {}

/// The first process of a job.
pub(crate) struct Tree {
    child: Arc<Mutex<Child>>,
}

impl Tree {
    pub(crate) fn new(child: Child, _mark: &str, _orphans: Orphans) -> Self {
        Self {
            child: Arc::new(Mutex::new(child)),
        }
    }

    /// These systems have no such limits.
    pub(crate) fn set_rlimits(&self, _limits: &Limits) {}

    /// Polls every [`TICK`]: a blocking wait would keep the process from being killed.
    pub(crate) fn report_exit(&self, events: Sender<Event>) {
        let child = Arc::clone(&self.child);
        thread::spawn(move || {
            while let Ok(None) = lock(&child).try_wait() {
                pause(TICK);
            }
            // The receiver is gone if the job was killed in the meantime.
            let _ = events.send(Event::Exited);
        });
    }

    /// Not known on these systems.
    pub(crate) fn usage(&self, _most: usize) -> Usage {
        Usage::default()
    }

    /// Not known on these systems.
    pub(crate) fn deleted_files(&self) -> u64 {
        0
    }

    /// Kills the process.
    ///
    /// # Errors
    ///
    /// If the system does not kill it, or does not report how it ended.
    pub(crate) fn kill(self) -> io::Result<TreeExit> {
        let mut child = lock(&self.child);
        child.kill()?;
        Ok(TreeExit {
            status: child.wait()?,
            others: 0,
        })
    }
}

/// Only the first process of a job can be found.
///
/// # Errors
///
/// None.
pub(crate) fn kill_job(_ancestors: &[u32], _mark: &str) -> io::Result<usize> {
    Ok(0)
}

fn lock(child: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

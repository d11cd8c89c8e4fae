//! On systems that are no Unix: only the first process of a job is known.

use std::io;
use std::process::Child;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::super::{Event, Orphans, TICK};
use super::{End, Usage};
use crate::Limits;
use crate::pause::pause;

/// Nothing can be had from these systems.
pub(crate) fn become_guardian() {}

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
    pub(crate) fn restrict(&self, _limits: &Limits) {}

    /// Asks every [`TICK`], since waiting would keep the process from being killed.
    pub(crate) fn announce_end(&self, events: Sender<Event>) {
        let child = Arc::clone(&self.child);
        thread::spawn(move || {
            while let Ok(None) = lock(&child).try_wait() {
                pause(TICK);
            }
            // Nobody listens any more if the job was ended meanwhile.
            let _ = events.send(Event::Ended);
        });
    }

    /// Is not known.
    pub(crate) fn usage(&self, _most: usize) -> Usage {
        Usage::default()
    }

    /// Kills the process.
    ///
    /// # Errors
    ///
    /// If the system does not kill it, or does not say how it ended.
    pub(crate) fn end(self) -> io::Result<End> {
        let mut child = lock(&self.child);
        child.kill()?;
        Ok(End {
            status: child.wait()?,
            others: 0,
        })
    }
}

/// Nothing can be found of a job but its first process.
///
/// # Errors
///
/// None.
pub(crate) fn sweep(_ancestors: &[u32], _mark: &str) -> io::Result<usize> {
    Ok(0)
}

fn lock(child: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

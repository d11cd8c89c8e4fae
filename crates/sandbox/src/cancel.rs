//! Taking back a job.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Cancels a job from another thread. Clones are the same switch.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Cancels every job that was given this switch, those to come included.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it has been cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

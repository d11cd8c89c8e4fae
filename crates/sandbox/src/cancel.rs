//! Cancelling jobs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Cancels jobs from another thread. Clones share one flag.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    flag: Arc<AtomicBool>,
    parent: Option<Arc<Cancel>>,
}

impl Cancel {
    /// A flag of its own for a part of the work: it counts as cancelled if this one is, but not the other way round.
    pub fn child(&self) -> Self {
        Self {
            flag: Arc::default(),
            parent: Some(Arc::new(self.clone())),
        }
    }

    /// Cancels every job that was given this flag, including jobs that have not started yet.
    pub fn cancel(&self) {
        self.flag.store(true, Ordering::Release);
    }

    /// Whether [`cancel`](Self::cancel) has been called.
    pub fn is_cancelled(&self) -> bool {
        let parent = self.parent.as_ref();
        self.flag.load(Ordering::Acquire) || parent.is_some_and(|parent| parent.is_cancelled())
    }
}

#[cfg(test)]
mod tests {
    use super::Cancel;

    #[test]
    fn a_child_is_cancelled_with_its_parent_or_alone() {
        let parent = Cancel::default();
        let (one, other) = (parent.child(), parent.child());
        one.cancel();
        assert!(one.is_cancelled() && !other.is_cancelled() && !parent.is_cancelled());
        parent.cancel();
        assert!(other.is_cancelled());
    }
}

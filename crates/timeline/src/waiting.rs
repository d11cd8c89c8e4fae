//! What can end the wait of a lane.

use std::any::Any;
use std::sync::Weak;

/// What can wake a lane that has not ended. See [`Recorder::waiting`](crate::Recorder::waiting).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// The lane was never polled.
    NeverPolled,
    /// It was woken, and has not been polled since then.
    Woken,
    /// A clone of the waker of its latest poll exists, and was not called.
    Stored,
    /// No clone of the waker of its latest poll exists, but one of an earlier poll's waker.
    StoredEarlier,
    /// No clone of any waker that it was polled with exists, so nothing can call one.
    NotStored,
}

/// The wakers that a lane has passed on, the latest one last. Earlier ones are forgotten when they are gone.
#[derive(Debug, Default)]
pub(crate) struct GivenWakers(Vec<Weak<dyn Any + Send + Sync>>);

impl GivenWakers {
    /// `waker` is what all clones of one waker share; the lane itself owns one of them.
    pub(crate) fn add(&mut self, waker: Weak<dyn Any + Send + Sync>) {
        self.0.retain(|waker| waker.strong_count() > 0);
        self.0.push(waker);
    }

    pub(crate) fn waiting(&self) -> Waiting {
        let Some((latest, earlier)) = self.0.split_last() else {
            return Waiting::NeverPolled;
        };
        if latest.strong_count() > 1 {
            Waiting::Stored
        } else if earlier.iter().any(|waker| waker.strong_count() > 0) {
            Waiting::StoredEarlier
        } else {
            Waiting::NotStored
        }
    }
}

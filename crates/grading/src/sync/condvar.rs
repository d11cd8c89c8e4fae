//! A condition to wait for.

use std::sync::{self, LockResult};

use super::mutex::{GuardSide, MutexGuard, guarded, in_model_of};
use crate::interleaving::{in_model, step};

/// [`std::sync::Condvar`], or loom's inside a model.
#[derive(Debug)]
pub struct Condvar(Side);

#[derive(Debug)]
enum Side {
    Real(sync::Condvar),
    Model(loom::sync::Condvar),
}

impl Condvar {
    /// A condition for which nobody waits.
    pub fn new() -> Self {
        Self(if in_model() {
            Side::Model(loom::sync::Condvar::new())
        } else {
            Side::Real(sync::Condvar::new())
        })
    }

    /// Gives the lock away until somebody notifies, and takes it again.
    ///
    /// # Errors
    ///
    /// If a thread panicked while it had the lock.
    ///
    /// # Panics
    ///
    /// If the lock was made inside a model and this was not, or the other way round.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        match (&self.0, guard.0) {
            (Side::Real(condvar), GuardSide::Real(guard)) => {
                guarded(condvar.wait(guard), GuardSide::Real)
            }
            (Side::Model(condvar), GuardSide::Model(guard)) => {
                let (guard, mutex) = guard.into_parts();
                guarded(step(|| condvar.wait(guard)), in_model_of(mutex))
            }
            _ => panic!("a lock from outside of the model was used inside it"),
        }
    }

    /// Waits as long as `condition` gives true.
    ///
    /// # Errors
    ///
    /// If a thread panicked while it had the lock.
    ///
    /// # Panics
    ///
    /// As [`wait`](Self::wait).
    #[track_caller]
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// Wakes one of those who wait.
    pub fn notify_one(&self) {
        match &self.0 {
            Side::Real(condvar) => condvar.notify_one(),
            Side::Model(condvar) => step(|| condvar.notify_one()),
        }
    }

    /// Wakes all who wait.
    pub fn notify_all(&self) {
        match &self.0 {
            Side::Real(condvar) => condvar.notify_all(),
            Side::Model(condvar) => step(|| condvar.notify_all()),
        }
    }
}

impl Default for Condvar {
    fn default() -> Self {
        Self::new()
    }
}

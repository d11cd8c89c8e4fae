//! A condition variable.

use std::sync::{self, LockResult};

use super::mutex::{GuardSide, MutexGuard, guarded};
use crate::model::{in_model, step};

/// [`std::sync::Condvar`], or loom's inside a model.
#[derive(Debug)]
pub struct Condvar(Side);

#[derive(Debug)]
enum Side {
    Real(sync::Condvar),
    Model(loom::sync::Condvar),
}

impl Condvar {
    /// A condition variable without waiting threads.
    pub fn new() -> Self {
        Self(if in_model() {
            Side::Model(loom::sync::Condvar::new())
        } else {
            Side::Real(sync::Condvar::new())
        })
    }

    /// Releases the lock, waits for a notification, and locks it again.
    ///
    /// # Errors
    ///
    /// If a thread panicked while it held the lock.
    ///
    /// # Panics
    ///
    /// If only one of the two, the lock or the condition variable, was made inside a model.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        match (&self.0, guard.0) {
            (Side::Real(condvar), GuardSide::Real(guard)) => {
                guarded(condvar.wait(guard), GuardSide::Real)
            }
            (Side::Model(condvar), GuardSide::Model(guard)) => {
                let (guard, mutex) = guard.into_parts();
                guarded(step(|| condvar.wait(guard)), |guard| mutex.guard(guard))
            }
            _ => panic!("a lock from outside the model was used inside it"),
        }
    }

    /// Waits as long as `condition` returns `true`.
    ///
    /// # Errors
    ///
    /// If a thread panicked while it held the lock.
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

    /// Wakes one waiting thread.
    pub fn notify_one(&self) {
        match &self.0 {
            Side::Real(condvar) => condvar.notify_one(),
            Side::Model(condvar) => step(|| condvar.notify_one()),
        }
    }

    /// Wakes all waiting threads.
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

//! A lock.

use std::ops::{Deref, DerefMut};
use std::sync::{self, LockResult, PoisonError, TryLockError, TryLockResult};

use crate::interleaving::{in_model, make, step, step_through_lock};

/// [`std::sync::Mutex`], or loom's inside a model.
#[derive(Debug)]
pub struct Mutex<T>(Side<T>);

#[derive(Debug)]
enum Side<T> {
    Real(sync::Mutex<T>),
    Model(loom::sync::Mutex<T>),
}

/// What a lock gives, until it is dropped.
#[derive(Debug)]
pub struct MutexGuard<'a, T>(pub(super) GuardSide<'a, T>);

#[derive(Debug)]
pub(super) enum GuardSide<'a, T> {
    Real(sync::MutexGuard<'a, T>),
    Model(ModelGuard<'a, T>),
}

/// Gives the lock back in a step of its own. For loom it is none: what it looks after is shared through locks and
/// atomics, and so the next step is soon enough. An answer may share what loom does not know, a `Notify` of
/// tokio's say, and go to it with the lock given back.
#[derive(Debug)]
pub(super) struct ModelGuard<'a, T> {
    guard: Option<LoomGuard<'a, T>>,
    mutex: &'a loom::sync::Mutex<T>,
}

type LoomGuard<'a, T> = loom::sync::MutexGuard<'a, T>;

impl<'a, T> ModelGuard<'a, T> {
    /// What a condition needs: it gives the lock back by itself.
    pub(super) fn into_parts(mut self) -> (LoomGuard<'a, T>, &'a loom::sync::Mutex<T>) {
        (self.guard.take().expect(HAS_IT), self.mutex)
    }
}

impl<T> Drop for ModelGuard<'_, T> {
    fn drop(&mut self) {
        let had_it = self.guard.take().is_some();
        if had_it && !std::thread::panicking() {
            step(|| drop(self.mutex.try_lock()));
        }
    }
}

const HAS_IT: &str = "a guard has its lock until it is dropped";

/// Makes the guard of a model's `mutex`.
pub(super) fn in_model_of<'a, T>(
    mutex: &'a loom::sync::Mutex<T>,
) -> impl Fn(LoomGuard<'a, T>) -> GuardSide<'a, T> {
    move |guard| {
        GuardSide::Model(ModelGuard {
            guard: Some(guard),
            mutex,
        })
    }
}

impl<T> Mutex<T> {
    /// A lock around `value`.
    pub fn new(value: T) -> Self {
        Self(if in_model() {
            Side::Model(make(|| loom::sync::Mutex::new(value)))
        } else {
            Side::Real(sync::Mutex::new(value))
        })
    }

    /// Waits until nobody else has the lock.
    ///
    /// # Errors
    ///
    /// If a thread panicked while it had the lock.
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        match &self.0 {
            Side::Real(mutex) => guarded(mutex.lock(), GuardSide::Real),
            Side::Model(mutex) => guarded(step_through_lock(|| mutex.lock()), in_model_of(mutex)),
        }
    }

    /// The lock, if nobody else has it.
    ///
    /// # Errors
    ///
    /// If somebody has it, or panicked while having it.
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        match &self.0 {
            Side::Real(mutex) => tried(mutex.try_lock(), GuardSide::Real),
            Side::Model(mutex) => tried(step(|| mutex.try_lock()), in_model_of(mutex)),
        }
    }

    /// The value without its lock.
    ///
    /// # Errors
    ///
    /// If a thread panicked while it had the lock.
    pub fn into_inner(self) -> LockResult<T> {
        match self.0 {
            Side::Real(mutex) => mutex.into_inner(),
            Side::Model(mutex) => mutex.into_inner(),
        }
    }

    /// The value, of which nobody else can have a reference.
    ///
    /// # Errors
    ///
    /// If a thread panicked while it had the lock.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        match &mut self.0 {
            Side::Real(mutex) => mutex.get_mut(),
            Side::Model(mutex) => mutex.get_mut(),
        }
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// The guard of either side, poisoned or not.
pub(super) fn guarded<'a, G, T>(
    guard: LockResult<G>,
    side: impl Fn(G) -> GuardSide<'a, T>,
) -> LockResult<MutexGuard<'a, T>> {
    match guard {
        Ok(guard) => Ok(MutexGuard(side(guard))),
        Err(poisoned) => Err(PoisonError::new(MutexGuard(side(poisoned.into_inner())))),
    }
}

fn tried<'a, G, T>(
    guard: TryLockResult<G>,
    side: impl Fn(G) -> GuardSide<'a, T>,
) -> TryLockResult<MutexGuard<'a, T>> {
    let guard = match guard {
        Ok(guard) => Ok(guard),
        Err(TryLockError::Poisoned(poisoned)) => Err(poisoned),
        Err(TryLockError::WouldBlock) => return Err(TryLockError::WouldBlock),
    };
    Ok(guarded(guard, side)?)
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.0 {
            GuardSide::Real(guard) => guard,
            GuardSide::Model(guard) => guard.guard.as_ref().expect(HAS_IT),
        }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        match &mut self.0 {
            GuardSide::Real(guard) => guard,
            GuardSide::Model(guard) => guard.guard.as_mut().expect(HAS_IT),
        }
    }
}

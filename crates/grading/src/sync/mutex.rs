//! A mutex.

use std::ops::{Deref, DerefMut};
use std::sync::{self, LockResult, PoisonError, TryLockError, TryLockResult};

use crate::model::{in_model, make, step, step_through_lock};

/// [`std::sync::Mutex`], or loom's inside a model.
#[derive(Debug)]
pub struct Mutex<T>(Side<T>);

#[derive(Debug)]
enum Side<T> {
    Real(sync::Mutex<T>),
    Model(loom::sync::Mutex<T>),
}

/// Holds the lock until it is dropped.
#[derive(Debug)]
pub struct MutexGuard<'a, T>(pub(super) GuardSide<'a, T>);

#[derive(Debug)]
pub(super) enum GuardSide<'a, T> {
    Real(sync::MutexGuard<'a, T>),
    Model(ModelGuard<'a, T>),
}

/// Releases the lock in a step of its own. loom does not count the release as a step: whatever a thread does next
/// with a lock or an atomic is one. But an answer may share something that loom does not know, such as tokio's
/// `Notify`, and use it right after the release.
#[derive(Debug)]
pub(super) struct ModelGuard<'a, T> {
    guard: Option<LoomGuard<'a, T>>,
    mutex: &'a loom::sync::Mutex<T>,
}

type LoomGuard<'a, T> = loom::sync::MutexGuard<'a, T>;

impl<'a, T> ModelGuard<'a, T> {
    /// The parts that a condition variable needs, which releases the lock itself.
    pub(super) fn into_parts(mut self) -> (LoomGuard<'a, T>, &'a loom::sync::Mutex<T>) {
        (self.guard.take().expect(HOLDS_LOCK), self.mutex)
    }
}

impl<T> Drop for ModelGuard<'_, T> {
    fn drop(&mut self) {
        let held = self.guard.take().is_some();
        if held && !std::thread::panicking() {
            step(|| drop(self.mutex.try_lock()));
        }
    }
}

const HOLDS_LOCK: &str = "a guard holds its lock until it is dropped";

/// Wraps a guard of a model's `mutex`.
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

    /// Waits until the lock is free, and takes it.
    ///
    /// # Errors
    ///
    /// If a thread panicked while it held the lock.
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        match &self.0 {
            Side::Real(mutex) => guarded(mutex.lock(), GuardSide::Real),
            Side::Model(mutex) => guarded(step_through_lock(|| mutex.lock()), in_model_of(mutex)),
        }
    }

    /// Takes the lock if it is free.
    ///
    /// # Errors
    ///
    /// If the lock is held, or a thread panicked while it held it.
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        match &self.0 {
            Side::Real(mutex) => tried(mutex.try_lock(), GuardSide::Real),
            Side::Model(mutex) => tried(step(|| mutex.try_lock()), in_model_of(mutex)),
        }
    }

    /// Returns the value without its lock.
    ///
    /// # Errors
    ///
    /// If a thread panicked while it held the lock.
    pub fn into_inner(self) -> LockResult<T> {
        match self.0 {
            Side::Real(mutex) => mutex.into_inner(),
            Side::Model(mutex) => mutex.into_inner(),
        }
    }

    /// Returns a reference to the value. No locking is needed, because `self` is borrowed mutably.
    ///
    /// # Errors
    ///
    /// If a thread panicked while it held the lock.
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

/// Wraps a guard of either side, poisoned or not.
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
            GuardSide::Model(guard) => guard.guard.as_ref().expect(HOLDS_LOCK),
        }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        match &mut self.0 {
            GuardSide::Real(guard) => guard,
            GuardSide::Model(guard) => guard.guard.as_mut().expect(HOLDS_LOCK),
        }
    }
}

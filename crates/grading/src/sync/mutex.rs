//! A mutex.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{self, LockResult, PoisonError, TryLockError, TryLockResult};

use loom::sync::atomic::AtomicBool;

use crate::held_locks::{is_released, is_taken, while_wanted};
use crate::model::{in_model, lock_is_tried, make, shows_held_lock, step};

/// [`std::sync::Mutex`], or loom's inside a model.
#[derive(Debug)]
pub struct Mutex<T>(Side<T>);

#[derive(Debug)]
enum Side<T> {
    Real(sync::Mutex<T>),
    Model(ModelMutex<T>),
}

/// Holds the lock until it is dropped.
#[derive(Debug)]
pub struct MutexGuard<'a, T>(pub(super) GuardSide<'a, T>);

#[derive(Debug)]
pub(super) enum GuardSide<'a, T> {
    Real(sync::MutexGuard<'a, T>),
    Model(ModelGuard<'a, T>),
}

/// loom's lock and, if `try_lock` should see it while it is held, a flag for that.
///
/// loom takes no step while a lock is held, unless the code under the lock takes one. So in a plain search a
/// `try_lock` of another thread comes before the lock is taken or after it is released. It could not even come in
/// between: loom makes a thread wait whose next step is to try the lock. The flag is set and cleared in steps of
/// their own, and is read before the lock is tried.
#[derive(Debug)]
pub(super) struct ModelMutex<T> {
    lock: loom::sync::Mutex<T>,
    held: Option<AtomicBool>,
}

impl<T> ModelMutex<T> {
    fn new(value: T) -> Self {
        Self {
            lock: loom::sync::Mutex::new(value),
            held: shows_held_lock().then(|| AtomicBool::new(false)),
        }
    }

    /// Whether the flag is set. It is read with a read-modify-write operation, because loom lets a plain load return
    /// an earlier value, and a lock is never seen as held after its release.
    fn is_seen_held(&self) -> bool {
        let held = self.held.as_ref();
        held.is_some_and(|held| step(|| held.fetch_or(false, Relaxed)))
    }

    fn show_as_held(&self, is_held: bool) {
        if let Some(held) = &self.held {
            step(|| held.swap(is_held, Relaxed));
        }
    }

    fn place(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Waits until the lock is free, and takes it.
    fn wait_and_lock(&self) -> LockResult<LoomGuard<'_, T>> {
        while_wanted(self.place(), || step(|| self.lock.lock()))
    }

    /// Wraps a guard of this lock, which has just been taken.
    pub(super) fn guard<'a>(&'a self, guard: LoomGuard<'a, T>) -> GuardSide<'a, T> {
        self.show_as_held(true);
        is_taken(self.place());
        GuardSide::Model(ModelGuard {
            guard: Some(guard),
            mutex: self,
        })
    }
}

/// Releases the lock in a step of its own. loom does not count the release as a step: whatever a thread does next
/// with a lock or an atomic is one. But an answer may share something that loom does not know, such as tokio's
/// `Notify`, and use it right after the release.
#[derive(Debug)]
pub(super) struct ModelGuard<'a, T> {
    guard: Option<LoomGuard<'a, T>>,
    mutex: &'a ModelMutex<T>,
}

type LoomGuard<'a, T> = loom::sync::MutexGuard<'a, T>;

impl<'a, T> ModelGuard<'a, T> {
    /// The parts that a condition variable needs, which releases the lock itself.
    pub(super) fn into_parts(mut self) -> (LoomGuard<'a, T>, &'a ModelMutex<T>) {
        self.mutex.show_as_held(false);
        is_released(self.mutex.place());
        (self.guard.take().expect(HOLDS_LOCK), self.mutex)
    }
}

impl<T> Drop for ModelGuard<'_, T> {
    fn drop(&mut self) {
        let Some(guard) = self.guard.take() else {
            return;
        };
        if std::thread::panicking() {
            return;
        }
        self.mutex.show_as_held(false);
        is_released(self.mutex.place());
        drop(guard);
        step(|| drop(self.mutex.lock.try_lock()));
    }
}

const HOLDS_LOCK: &str = "a guard holds its lock until it is dropped";

impl<T> Mutex<T> {
    /// A lock around `value`.
    pub fn new(value: T) -> Self {
        Self(if in_model() {
            Side::Model(make(|| ModelMutex::new(value)))
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
            Side::Model(mutex) => guarded(mutex.wait_and_lock(), |guard| mutex.guard(guard)),
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
            Side::Model(mutex) => {
                lock_is_tried();
                if mutex.is_seen_held() {
                    return Err(TryLockError::WouldBlock);
                }
                tried(step(|| mutex.lock.try_lock()), |guard| mutex.guard(guard))
            }
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
            Side::Model(mutex) => mutex.lock.into_inner(),
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
            Side::Model(mutex) => mutex.lock.get_mut(),
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

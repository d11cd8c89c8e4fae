//! Locks: shared state of a ticket shop, and the primitives that such state is built from.
//!
//! `Counter`, `SeatReservations` and `Cache` may use anything from `std::sync` and `tokio::sync`, and are used by tasks of
//! one thread. `Latch`, `Barrier` and `Condition` are built by hand: their locks come from [`crate::sync`], so that the
//! grader can try every interleaving of several threads.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

use grading::web::{Client, Page, WebError};

/// A count that several tasks update, where each update awaits something between reading and writing.
pub struct Counter {
    // Replace this field with your own.
    _count: std::marker::PhantomData<u64>,
}

impl Counter {
    /// Creates a counter whose count is `count`.
    pub fn new(count: u64) -> Self {
        todo!()
    }

    /// Returns the count that the last finished update left, or the first count if there was none. It never waits, not
    /// even while an update is in progress.
    pub fn get(&self) -> u64 {
        todo!()
    }

    /// Calls `change` with the current count, awaits its result, stores it as the new count, and returns the new count.
    ///
    /// One update runs at a time, from the call of `change` until its result is stored: each starts with the count that
    /// the previous one left.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, also because `change` panics, the count stays as it was, and the next update can start.
    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        todo!()
    }
}

/// Why a seat was not booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookingError {
    /// The seat is sold, or another customer is paying for it, or it does not exist.
    Taken,
    /// The payment failed.
    NotPaid,
}

/// Sells the seats of one performance, numbered from 0. A payment takes time, and may fail.
pub struct SeatReservations {
    // Replace this field with your own.
    _seats: std::marker::PhantomData<Vec<bool>>,
}

impl SeatReservations {
    /// Creates a performance with this many seats, all of them free.
    pub fn new(seats: usize) -> Self {
        todo!()
    }

    /// Returns how many seats are neither sold nor being paid for. It is ready at its first poll.
    pub async fn free(&self) -> usize {
        todo!()
    }

    /// Reserves a seat, awaits `pay`, and sells the seat if the payment returns `true`.
    ///
    /// From the moment it is reserved until the call ends, no other call can book the seat; once sold, it stays sold.
    /// Bookings of different seats do not wait for each other.
    ///
    /// # Errors
    ///
    /// - [`BookingError::Taken`], at the first poll, if the seat is sold, is being paid for by another call, or does not
    ///   exist. `pay` is not polled then.
    /// - [`BookingError::NotPaid`] if `pay` returns `false`. The seat is free again.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped during the payment, also because `pay` panics, the seat is free again.
    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), BookingError> {
        todo!()
    }
}

/// The wakers of waiting futures, one for each. It is complete, and it contains no lock: put it under your own.
#[derive(Debug, Default)]
pub struct Waiters {
    last_id: u64,
    wakers: BTreeMap<u64, Waker>,
}

impl Waiters {
    /// Returns an id that no other waiter has.
    pub fn new_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Stores a waker for this waiter, and replaces the one before.
    pub fn set_waker(&mut self, id: u64, waker: &Waker) {
        self.wakers.insert(id, waker.clone());
    }

    /// Removes the waker of this waiter, if there is one.
    pub fn remove(&mut self, id: u64) {
        self.wakers.remove(&id);
    }

    /// Takes all wakers out. Wake them after you have released your lock.
    pub fn take_all(&mut self) -> Vec<Waker> {
        std::mem::take(&mut self.wakers).into_values().collect()
    }
}

/// A latch: an event that happens once, and that any number of tasks can wait for.
///
/// All methods may be called from several threads at the same time. No lock is held while a waker is called.
pub struct Latch {
    // Replace this field with your own.
    _waiters: std::marker::PhantomData<Waiters>,
}

impl Latch {
    /// Creates a latch that is closed.
    pub fn closed() -> Self {
        todo!()
    }

    /// Opens the latch for good, and wakes every waiter once. (For several waiters with equal wakers, one call of the waker is
    /// enough.) Opening it again has no effect.
    pub fn open(&self) {
        todo!()
    }

    /// Waits until the latch is open. If it is open already, the future is ready at its first poll.
    ///
    /// While the future waits, only the waker of its latest poll is stored. When it is ready, none is.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, its waker is dropped too. Other waiters, even those with the same waker, keep theirs.
    pub async fn wait(&self) {
        todo!()
    }
}

/// A barrier: each task that arrives waits until `n` have arrived. Then the next round begins, for the next `n`.
///
/// All methods may be called from several threads at the same time. No lock is held while a waker is called.
pub struct Barrier {
    // Replace this field with your own.
    _waiters: std::marker::PhantomData<Waiters>,
}

impl Barrier {
    /// Creates a barrier for `n` tasks. A barrier for 0 behaves like one for 1: no task waits at it.
    pub fn new(n: usize) -> Self {
        todo!()
    }

    /// Arrives, and waits until `n` have arrived in this round. Returns `true` for the last to arrive, `false` for
    /// the others. The last does not wait, so its waker is neither stored nor called; it wakes each of the others once. (For
    /// several with equal wakers, one call of the waker is enough.)
    ///
    /// A future arrives when it is polled for the first time, and counts once, however often it is polled. When its round
    /// is complete it is ready, even if later rounds have begun or ended before it is polled.
    /// While it waits, only the waker of its latest poll is stored.
    ///
    /// # Cancel safety
    ///
    /// A future that is dropped while it waits no longer counts, and its waker is dropped too. A future that is dropped
    /// after its round was completed changes nothing for later rounds.
    pub async fn wait(&self) -> bool {
        todo!()
    }
}

/// A condition variable together with its value: tasks wait until the value is as they need it.
///
/// The closures run while the value is locked, so they do not call methods of the same condition variable.
///
/// All methods may be called from several threads at the same time. No lock is held while a waker is called.
pub struct Condition<T> {
    // Replace this field with your own.
    _value: std::marker::PhantomData<T>,
}

impl<T> Condition<T> {
    /// Creates a condition variable for `value`.
    pub fn new(value: T) -> Self {
        todo!()
    }

    /// Calls `change` with the value, wakes every waiter once, and returns the result of `change`. (For several waiters with
    /// equal wakers, one call of the waker is enough.)
    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        todo!()
    }

    /// Waits until `take` returns `Some`, and returns its content.
    ///
    /// At each poll, the first included, `take` is called once with the value, and no other call can see or change the
    /// value at that moment. If `take` returns `Some`, it may have changed the value, so every other waiter
    /// is woken once, as by `change`. If it returns `None`, it has changed nothing, and no waiter is woken. Waiters are not served in
    /// order: the first whose `take` returns `Some` goes on. While the future waits, only the waker of its latest poll is
    /// stored.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, nothing has been taken, and its waker is dropped too.
    pub async fn wait_until<R>(&self, take: impl FnMut(&mut T) -> Option<R>) -> R {
        todo!()
    }
}

/// A cache in front of a slow site, with single flight: at most one download of each path at a time.
///
/// It may keep the pages that are no longer fresh; they need not be removed.
pub struct Cache {
    // Replace this field with your own.
    _pages: std::marker::PhantomData<Client>,
}

impl Cache {
    /// Creates an empty cache in front of `client`. A page is fresh for less than `fresh_for` after it has arrived,
    /// on tokio's clock. Reading a page does not make it fresh again.
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        todo!()
    }

    /// Returns the page at `path`: the cached one while it is fresh, otherwise a new download.
    ///
    /// At most one download of a path is in progress at a time. Callers that arrive during it wait, and get its page as
    /// soon as it has arrived. A caller that finds the page no longer fresh when its turn comes starts a new download.
    /// Different paths do not wait for each other, and a fresh page is returned without waiting.
    ///
    /// # Errors
    ///
    /// A failed download returns its error to the caller that started it. The error is not cached, and that caller does
    /// not try again: the next waiting caller starts a new download.
    ///
    /// # Cancel safety
    ///
    /// If the caller that downloads is dropped, its download stops. The next waiting caller starts a new one at
    /// once; if none is waiting, nothing continues in the background.
    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        todo!()
    }
}

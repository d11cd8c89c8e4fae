//! Locks: what a theatre shares, from the seats to the programme.
//!
//! For what is made by hand, locks come from [`crate::sync`]: so the grader can try every interleaving of your
//! answer. For the rest, `std::sync` and `tokio::sync` are yours to choose from.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

use grading::web::{Client, Page, WebError};

/// How many visitors there were this season: a count that several people change.
pub struct Counter {
    // Your fields in place of this one.
    _count: std::marker::PhantomData<u64>,
}

impl Counter {
    /// A count that begins with `count`.
    pub fn new(count: u64) -> Self {
        todo!()
    }

    /// The count now, as the last finished update has left it. Waits for nobody, also while an update is
    /// under way.
    pub fn get(&self) -> u64 {
        todo!()
    }

    /// Changes the count: calls `change` with the count, awaits what it gives, and makes that the count.
    ///
    /// One update at a time: each begins with the count that the one before has left. Returns the new count.
    /// If the future is dropped, the count is as before, and the next update can begin.
    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        todo!()
    }
}

/// Why a seat was not booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotBooked {
    /// Somebody has it, or is paying for it.
    Taken,
    /// It was not paid for.
    NotPaid,
}

/// Sells the seats of one evening, numbered from 0. Paying takes a while.
pub struct BoxOffice {
    // Your fields in place of this one.
    _seats: std::marker::PhantomData<Vec<bool>>,
}

impl BoxOffice {
    /// With this many seats, all free.
    pub fn new(seats: usize) -> Self {
        todo!()
    }

    /// How many seats are neither sold nor being paid for. It never has to wait.
    pub async fn free(&self) -> usize {
        todo!()
    }

    /// Books a seat: reserves it, awaits `pay`, and sells it if that gives `true`.
    ///
    /// If somebody has it or is paying for it, or there is no such seat, [`NotBooked::Taken`], at once, and `pay` is
    /// never polled. If `pay` gives `false`, [`NotBooked::NotPaid`], and the seat is free again. So it is if the
    /// future is dropped. Different seats don't wait for each other.
    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), NotBooked> {
        todo!()
    }
}

/// The wakers of those who wait, one for each. It is complete, and it has no lock: yours goes around it.
#[derive(Debug, Default)]
pub struct Waiting {
    tickets: u64,
    wakers: BTreeMap<u64, Waker>,
}

impl Waiting {
    /// A number that nobody else has, for one who begins to wait.
    pub fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    /// Keeps a waker for `ticket`, in place of the one before.
    pub fn keep(&mut self, ticket: u64, waker: &Waker) {
        self.wakers.insert(ticket, waker.clone());
    }

    /// Drops what is kept for `ticket`, if anything is.
    pub fn forget(&mut self, ticket: u64) {
        self.wakers.remove(&ticket);
    }

    /// Takes all wakers out, to be woken when no lock is held.
    pub fn take_all(&mut self) -> Vec<Waker> {
        std::mem::take(&mut self.wakers).into_values().collect()
    }
}

/// A door that is opened once, and stays open: a latch.
///
/// Each method may be called while another thread is in another one. Wakers are woken when no lock is held.
pub struct Latch {
    // Your fields in place of this one.
    _door: std::marker::PhantomData<Waiting>,
}

impl Latch {
    /// A latch that is closed.
    pub fn closed() -> Self {
        todo!()
    }

    /// Opens it for good, and wakes whoever waits. Opening it again changes nothing.
    pub fn open(&self) {
        todo!()
    }

    /// Waits until it is open. Who comes later does not wait.
    ///
    /// While it waits, the waker of its latest poll is kept, and no other. Dropped, it leaves none behind.
    pub async fn wait(&self) {
        todo!()
    }
}

/// A line at which everybody waits until `n` are there: a barrier. Then it closes behind them, for the next `n`.
///
/// Each method may be called while another thread is in another one. Wakers are woken when no lock is held.
pub struct Barrier {
    // Your fields in place of this one.
    _line: std::marker::PhantomData<Waiting>,
}

impl Barrier {
    /// A line for `n`. One for 0 is one for 1: nobody waits at it.
    pub fn new(n: usize) -> Self {
        todo!()
    }

    /// Waits until `n` have come, this one included. The one that comes last gets `true`, the others `false`.
    ///
    /// It comes when it is polled for the first time. While it waits, the waker of its latest poll is kept, and no
    /// other. Dropped while it waits, it is not counted any more, and leaves no waker behind; dropped after `n` have
    /// come, it takes nothing from those who come next.
    pub async fn wait(&self) -> bool {
        todo!()
    }
}

/// A value, and a place to wait until it is as one needs it: a condition variable.
///
/// Each method may be called while another thread is in another one. Wakers are woken when no lock is held.
pub struct Condition<T> {
    // Your fields in place of this one.
    _value: std::marker::PhantomData<T>,
}

impl<T> Condition<T> {
    /// With this value, and nobody who waits.
    pub fn new(value: T) -> Self {
        todo!()
    }

    /// Changes the value, and wakes all who wait. Returns what `change` returns.
    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        todo!()
    }

    /// Waits until `take` gives `Some`, and returns what is in it.
    ///
    /// `take` is called with the value at each poll, while nobody else can change it. If it gives `Some` it may
    /// have changed the value, so all others who wait are woken. If it gives `None` it has changed nothing.
    /// While it waits, the waker of its latest poll is kept, and no other. Dropped, it leaves none behind.
    pub async fn wait_until<R>(&self, take: impl FnMut(&mut T) -> Option<R>) -> R {
        todo!()
    }
}

/// Pages from a slow site, kept for a while: a cache with a single flight for each path.
pub struct Cache {
    // Your fields in place of this one.
    _pages: std::marker::PhantomData<Client>,
}

impl Cache {
    /// An empty cache in front of `client`. A page is fresh until `fresh_for` has passed since it arrived (on
    /// tokio's clock).
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        todo!()
    }

    /// The page at `path`: the kept one while it is fresh, otherwise from `client`.
    ///
    /// For one path at most one download is under way, whoever asks; all who wait for it get its page, if it is
    /// still fresh when their turn comes. An error is for the caller whose download it was, and is not kept: of those
    /// who wait, the next one downloads again. So it does if the caller that downloads is dropped, and if nobody
    /// waits, nothing goes on. Different paths don't wait for each other.
    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        todo!()
    }
}

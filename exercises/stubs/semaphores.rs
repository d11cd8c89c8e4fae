//! Semaphores: how many at a time, in the servers of a parcel service.
//!
//! All of it runs on one thread or several, so what is shared is a semaphore, or stands under a lock that is
//! not held across an `.await`.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// A limit that lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZeroLimit;

/// Looks parcels up, at most so many at the same time.
///
/// The limit is that of the tracker: all calls of one tracker share it.
pub struct Tracker {
    // Your fields in place of this one.
    _limit: std::marker::PhantomData<usize>,
}

impl Tracker {
    /// A tracker for at most `limit` look-ups at the same time. With 0 it would wait for ever: that is
    /// [`ZeroLimit`].
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        todo!()
    }

    /// Calls `look_up` once for each of `parcels`, as many at the same time as the limit allows.
    ///
    /// Returns what it gave, in the order of `parcels`, failures too. A look-up that fails, panics, or is
    /// dropped together with this future has its place back at once. Nothing is spawned.
    pub async fn look_up_all<T>(&self, parcels: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        todo!()
    }
}

/// Lets so many begin in a given time: a token bucket.
pub struct TokenBucket {
    // Your fields in place of this one.
    _every: std::marker::PhantomData<Duration>,
}

impl TokenBucket {
    /// A full bucket that holds `burst` tokens, 1 or more. Once a token is missing, one comes each time that
    /// `every` has passed, and none while it is full.
    pub fn new(burst: u32, every: Duration) -> Self {
        todo!()
    }

    /// Waits for a token and takes it. Who came first is served first.
    ///
    /// Who is dropped while waiting takes none. A token that somebody waits for counts as taken when it comes, also
    /// if a timer wakes them a little later: the next one comes `every` after it, with a burst of 1 as well.
    /// Nothing runs in the background.
    pub async fn take(&self) {
        todo!()
    }
}

/// What a [`Pool`] lends out.
pub trait Connection: Sized {
    /// Why one could not be opened.
    type Error;

    /// Opens a connection, which takes time.
    fn open() -> impl Future<Output = Result<Self, Self::Error>>;

    /// Whether nobody should use it any more: the peer is gone, or somebody left in the middle of a question.
    fn is_broken(&self) -> bool;
}

/// At most so many connections, each used by one at a time.
pub struct Pool<C> {
    // Your fields in place of this one.
    _connections: std::marker::PhantomData<C>,
}

impl<C: Connection> Pool<C> {
    /// A pool of at most `size` connections, 1 or more. None is open yet.
    pub fn new(size: usize) -> Self {
        todo!()
    }

    /// Waits until fewer than `size` are on loan, first come, first served. Lends the free connection that was
    /// given back last, or opens one if there is none.
    ///
    /// An error of `open` goes to the caller. Wherever this future ends or is dropped, the next one can have
    /// the place.
    pub async fn get(&self) -> Result<Loan<'_, C>, C::Error> {
        todo!()
    }

    /// Takes a connection back. It is closed, that is dropped, and not kept, if it is broken or if the thread
    /// is panicking: then nobody knows what was said on it.
    ///
    /// Called by the [`Loan`], before its permit is dropped.
    fn give_back(&self, connection: C) {
        todo!()
    }
}

/// A connection on loan. Dropped, it gives the connection back, and then the place. It is complete.
pub struct Loan<'a, C: Connection> {
    connection: Option<C>,
    pool: &'a Pool<C>,
    _permit: tokio::sync::SemaphorePermit<'a>,
}

impl<C: Connection> Deref for Loan<'_, C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.connection
            .as_ref()
            .expect("it is there until the drop")
    }
}

impl<C: Connection> DerefMut for Loan<'_, C> {
    fn deref_mut(&mut self) -> &mut C {
        self.connection
            .as_mut()
            .expect("it is there until the drop")
    }
}

impl<C: Connection> Drop for Loan<'_, C> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.pool.give_back(connection);
        }
    }
}

/// The bulkhead is full, and the call was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// A wall around a partner that may be slow: at most so many calls at the same time, and nobody waits in front.
pub struct Bulkhead {
    // Your fields in place of this one.
    _size: std::marker::PhantomData<usize>,
}

impl Bulkhead {
    /// Room for `size` calls. With 0 there is room for none.
    pub fn new(size: usize) -> Self {
        todo!()
    }

    /// Runs `call` in place, if there is room, from its first poll on. If there is none, it is [`Full`] at its first
    /// poll, and `call` is dropped without one.
    ///
    /// The room is free again when `call` ends, panics or is dropped.
    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        todo!()
    }
}

/// Collects questions and asks many of them in one trip.
pub struct Batcher<F> {
    // Your fields in place of this one.
    _trip: std::marker::PhantomData<F>,
}

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    /// `trip` asks for several keys at once, and gives one answer for each, in the order of the keys. A batch goes out
    /// as soon as it has `size` different keys (1 or more), and at the latest `delay` after its first one.
    pub fn new(size: usize, delay: Duration, trip: F) -> Self {
        todo!()
    }

    /// The answer to `key`. Callers with the same key in one batch share its place, and each gets the answer.
    ///
    /// A caller that is dropped before its batch goes out has its key asked only if others want it. A key that nobody
    /// wants any more does not count towards `size`, and a batch of nobody makes no trip. The trip runs in a task, so
    /// nobody who leaves stops it. `None` if it panics.
    pub async fn get(&self, key: u32) -> Option<String> {
        todo!()
    }
}

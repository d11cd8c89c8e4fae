//! Semaphores: limiting concurrency in a shop's backend.
//!
//! Two rules hold for every type here: it is used by tasks of one thread, and no lock of the standard library is held across
//! an `.await`.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// The error for a limit of 0, with which every look-up would wait forever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZeroLimit;

/// Runs look-ups, at most a given number at the same time.
///
/// The limit belongs to the limiter: all its calls share it.
pub struct LookupLimiter {
    // Replace this field with yours.
    _limit: std::marker::PhantomData<usize>,
}

impl LookupLimiter {
    /// Creates a limiter for at most `limit` look-ups at the same time. `limit` is at most
    /// [`Semaphore::MAX_PERMITS`](tokio::sync::Semaphore::MAX_PERMITS).
    ///
    /// # Errors
    ///
    /// [`ZeroLimit`] if `limit` is 0.
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        todo!()
    }

    /// Calls `look_up` once for each element of `ids`, also if an id occurs twice, as many at the same time as the limit
    /// allows. A look-up starts as soon as there is room. Without ids there is nothing to wait for.
    ///
    /// Returns the results in the order of `ids`. If `T` is a `Result`, an `Err` is returned like any other result and does
    /// not stop the other look-ups.
    ///
    /// The room of a look-up is free again as soon as the look-up ends, fails, panics, or is dropped. No task is spawned.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops its look-ups.
    pub async fn look_up_all<T>(&self, ids: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        todo!()
    }
}

/// A rate limiter: a token bucket.
pub struct TokenBucket {
    // Replace this field with yours.
    _every: std::marker::PhantomData<Duration>,
}

impl TokenBucket {
    /// Creates a full bucket of `burst` tokens. While at least one token is missing, one is added each time `every` has
    /// passed; the first of them `every` after the bucket stopped being full.
    ///
    /// `burst` is at least 1, `every` is longer than zero, and `burst` times `every` is at most a million years; other values
    /// are not tested.
    pub fn new(burst: u32, every: Duration) -> Self {
        todo!()
    }

    /// Takes a token, and waits until there is one. Callers are served in the order in which they began to wait.
    ///
    /// A token that a caller waits for counts as taken at the instant it is added, even if the timer wakes that caller a little
    /// later. So the next token is added `every` after it, also with a `burst` of 1, and delays do not add up.
    ///
    /// No task runs in the background.
    ///
    /// # Cancel safety
    ///
    /// A cancelled call takes no token, and loses its place in the queue.
    pub async fn take(&self) {
        todo!()
    }
}

/// What a [`Pool`] manages.
pub trait Connection: Sized {
    /// Why a connection could not be opened.
    type Error;

    /// Opens a connection, which takes time.
    fn open() -> impl Future<Output = Result<Self, Self::Error>>;

    /// Whether the connection must not be used any more: the server has closed it, or a request on it was not completed. An
    /// idle connection can break, too.
    fn is_broken(&self) -> bool;
}

/// A pool of connections, each of which is used by one caller at a time.
pub struct Pool<C> {
    // Replace this field with yours.
    _connections: std::marker::PhantomData<C>,
}

impl<C: Connection> Pool<C> {
    /// Creates a pool of at most `size` connections. None of them is open yet.
    ///
    /// `size` is at least 1; 0 is not tested.
    pub fn new(size: usize) -> Self {
        todo!()
    }

    /// Waits until fewer than `size` connections are on loan, first come, first served, and lends one.
    ///
    /// It lends the idle connection that was returned last. An idle connection that is broken is closed, that is dropped, and
    /// not lent; the one that was returned before it is next. A new connection is opened only if no idle one is left, and only
    /// after every broken one that was found has been closed, so never more than `size` are open.
    ///
    /// # Errors
    ///
    /// The error of [`Connection::open`]. The room in the pool is free again.
    ///
    /// # Cancel safety
    ///
    /// Wherever the future is dropped, its room in the pool is free again. A connection that is being opened is dropped.
    pub async fn get(&self) -> Result<PooledConnection<'_, C>, C::Error> {
        todo!()
    }

    /// Puts a connection back into the pool. If it is broken, or if the thread is panicking (then the state of the connection
    /// is unknown), it is dropped instead.
    ///
    /// [`PooledConnection`] calls this before it drops its permit.
    fn put_back(&self, connection: C) {
        todo!()
    }
}

/// A connection on loan. When it is dropped, it puts the connection back and then releases its permit. There is nothing to
/// do here.
pub struct PooledConnection<'a, C: Connection> {
    connection: Option<C>,
    pool: &'a Pool<C>,
    _permit: tokio::sync::SemaphorePermit<'a>,
}

impl<C: Connection> Deref for PooledConnection<'_, C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.connection.as_ref().expect("only `drop` takes it")
    }
}

impl<C: Connection> DerefMut for PooledConnection<'_, C> {
    fn deref_mut(&mut self) -> &mut C {
        self.connection.as_mut().expect("only `drop` takes it")
    }
}

impl<C: Connection> Drop for PooledConnection<'_, C> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.pool.put_back(connection);
        }
    }
}

/// The error of a bulkhead that is full. The call was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// Limits the calls to an upstream that may be slow, and refuses further calls instead of letting them wait.
pub struct Bulkhead {
    // Replace this field with yours.
    _size: std::marker::PhantomData<usize>,
}

impl Bulkhead {
    /// Creates a bulkhead with room for `size` calls at the same time. With 0, every call is refused. It is at most
    /// [`Semaphore::MAX_PERMITS`](tokio::sync::Semaphore::MAX_PERMITS).
    pub fn new(size: usize) -> Self {
        todo!()
    }

    /// Runs `call` within this future if there is room. `call` is then polled from the first poll of this future on.
    ///
    /// The room is free again when `call` ends, panics or is dropped.
    ///
    /// # Errors
    ///
    /// [`Full`] at the first poll if there is no room. `call` is then dropped without having been polled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops `call`.
    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        todo!()
    }
}

/// Collects the keys of several callers, and fetches their values in one call.
pub struct Batcher<F> {
    // Replace this field with yours.
    _fetch: std::marker::PhantomData<F>,
}

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    /// Creates a `Batcher`. `fetch` takes several different keys, and returns one value for each, in the order of the keys.
    ///
    /// A batch is sent, that is passed to `fetch`, as soon as it has `size` different keys (`size` is at least 1), and at the
    /// latest `delay` after its first key.
    pub fn new(size: usize, delay: Duration, fetch: F) -> Self {
        todo!()
    }

    /// Returns the value of `key`, or `None` if `fetch` panics.
    ///
    /// Callers with the same key in one batch share the key, and each of them gets the value.
    ///
    /// # Cancel safety
    ///
    /// If a caller is cancelled before its batch is sent, and no other caller waits for its key, the key is removed: it does not
    /// count towards `size` and is not sent. The delay of a batch that still has keys does not change, even if its first key
    /// is removed. A batch without keys is not sent; the next key is the first of a new one.
    ///
    /// `fetch` is called and runs in a task of its own, so callers that are cancelled later do not stop it, even if no caller is
    /// left.
    pub async fn get(&self, key: u32) -> Option<String> {
        todo!()
    }
}

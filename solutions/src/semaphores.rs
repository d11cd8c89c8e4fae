//! Semaphores: limiting concurrency in a shop's backend.
//!
//! Every permit here is a guard in a variable, so it is released when the block ends: after the work, after an error, by a
//! panic, or when the future is dropped. No lock of the standard library is held across an `.await`.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::task::AbortOnDropHandle;

const NEVER_CLOSED: &str = "the semaphore is never closed";

/// The error for a limit of 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZeroLimit;

/// Runs look-ups, at most a given number at the same time. All calls of one limiter share the limit.
#[derive(Debug)]
pub struct LookupLimiter {
    permits: Semaphore,
}

impl LookupLimiter {
    /// Creates a limiter for at most `limit` look-ups at the same time.
    ///
    /// # Errors
    ///
    /// [`ZeroLimit`] if `limit` is 0.
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        if limit == 0 {
            return Err(ZeroLimit);
        }
        let permits = Semaphore::new(limit);
        Ok(Self { permits })
    }

    /// Calls `look_up` once for each of `ids`, and returns the results in the order of `ids`.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops its look-ups and releases their permits.
    pub async fn look_up_all<T>(&self, ids: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        join_all(ids.iter().map(async |id| {
            let _permit = self.permits.acquire().await.expect(NEVER_CLOSED);
            look_up(*id).await
        }))
        .await
    }
}

/// A rate limiter: a token bucket.
///
/// The tokens are not counted. Their number follows from the instant at which the bucket will be full: one is missing
/// for each `every` until then. (This is known as the *generic cell rate algorithm*.)
#[derive(Debug)]
pub struct TokenBucket {
    every: Duration,
    /// How long before it is full the bucket contains its first token.
    first_before_full: Duration,
    /// When the bucket will be full if no more tokens are taken. The caller that holds the lock is the first in the queue.
    full_at: tokio::sync::Mutex<Instant>,
}

impl TokenBucket {
    /// Creates a full bucket of `burst` tokens, to which one is added each time `every` has passed. `burst` times `every` is
    /// at most a million years.
    pub fn new(burst: u32, every: Duration) -> Self {
        Self {
            every,
            first_before_full: every * burst.saturating_sub(1),
            full_at: tokio::sync::Mutex::new(Instant::now()),
        }
    }

    /// Takes a token, and waits until there is one; first come, first served.
    ///
    /// # Cancel safety
    ///
    /// A cancelled call takes no token, and loses its place in the queue.
    pub async fn take(&self) {
        // Before the lock: a caller that has waited for a token takes the one that was added then, however late it is woken.
        let arrived = Instant::now();
        // tokio's mutex is fair, and may be held while this caller sleeps: those behind it have to wait for it anyway.
        let mut full_at = self.full_at.lock().await;
        // Computed before the sleep, so that a late timer does not make all later tokens late.
        let full_before = (*full_at).max(arrived);
        let wait = full_before
            .saturating_duration_since(Instant::now())
            .saturating_sub(self.first_before_full);
        if !wait.is_zero() {
            sleep_until(Instant::now() + wait).await;
        }
        *full_at = full_before + self.every;
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
///
/// A permit is the right to have a connection, open or not. So a connection that is closed needs no
/// bookkeeping: its permit is released like any other, and its next owner opens a connection.
#[derive(Debug)]
pub struct Pool<C> {
    permits: Semaphore,
    idle: Mutex<Vec<C>>,
}

impl<C: Connection> Pool<C> {
    /// Creates a pool of at most `size` connections, none of which is open yet.
    pub fn new(size: usize) -> Self {
        Self {
            permits: Semaphore::new(size),
            idle: Mutex::default(),
        }
    }

    /// Lends the idle connection that was returned last and is not broken, or opens one. Broken ones are closed before that.
    ///
    /// # Errors
    ///
    /// That of [`Connection::open`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future releases its permit; a connection that is being opened is dropped.
    pub async fn get(&self) -> Result<PooledConnection<'_, C>, C::Error> {
        let permit = self.permits.acquire().await.expect(NEVER_CLOSED);
        let connection = match self.take_idle() {
            Some(connection) => connection,
            None => C::open().await?,
        };
        Ok(PooledConnection {
            connection: Some(connection),
            pool: self,
            _permit: permit,
        })
    }

    /// Drops the broken connections that it finds on the way.
    fn take_idle(&self) -> Option<C> {
        let mut idle = self.idle();
        std::iter::from_fn(|| idle.pop()).find(|connection| !connection.is_broken())
    }

    fn put_back(&self, connection: C) {
        if !std::thread::panicking() && !connection.is_broken() {
            self.idle().push(connection);
        }
    }

    /// A panic while the list was locked cannot have left it half changed, so poisoning is ignored.
    fn idle(&self) -> MutexGuard<'_, Vec<C>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection on loan. When it is dropped, it puts the connection back and then releases its permit.
pub struct PooledConnection<'a, C: Connection> {
    connection: Option<C>,
    pool: &'a Pool<C>,
    _permit: SemaphorePermit<'a>,
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
        // The fields are dropped after this body, so the next owner of the permit finds the connection in the list.
        if let Some(connection) = self.connection.take() {
            self.pool.put_back(connection);
        }
    }
}

/// The error of a bulkhead that is full. The call was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// Limits the calls to an upstream that may be slow, and refuses further calls.
#[derive(Debug)]
pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    /// Creates a bulkhead with room for `size` calls at the same time.
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size);
        Self { permits }
    }

    /// Runs `call` within this future if there is room.
    ///
    /// # Errors
    ///
    /// [`Full`] if there is none; `call` is dropped without having been polled.
    ///
    /// # Cancel safety
    ///
    /// That of `call`; its permit is released.
    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        let _permit = self.permits.try_acquire().map_err(|_| Full)?;
        Ok(call.await)
    }
}

/// Collects the keys of several callers, and fetches their values in one call.
pub struct Batcher<F> {
    shared: Arc<Shared<F>>,
}

struct Shared<F> {
    size: usize,
    delay: Duration,
    fetch: F,
    next: Mutex<Batch>,
}

/// The batch that will be sent next.
#[derive(Default)]
struct Batch {
    requests: Vec<Request>,
    /// Sends the batch after the delay. It is dropped with the batch, and aborted by that.
    timer: Option<AbortOnDropHandle<()>>,
}

/// A key, with all callers that wait for its value.
struct Request {
    key: u32,
    callers: Vec<oneshot::Sender<String>>,
}

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    /// Creates a `Batcher`. A batch is sent as soon as it has `size` different keys, and at the latest `delay` after its first
    /// key. `fetch` returns one value for each key, in the order of the keys.
    pub fn new(size: usize, delay: Duration, fetch: F) -> Self {
        Self {
            shared: Arc::new(Shared {
                size,
                delay,
                fetch,
                next: Mutex::default(),
            }),
        }
    }

    /// Returns the value of `key`, or `None` if `fetch` panicked or returned too few values.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future withdraws its key, unless another caller waits for it or the batch has been sent.
    pub async fn get(&self, key: u32) -> Option<String> {
        let value = self.shared.request(key);
        value.await.ok()
    }
}

impl<F, R> Shared<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    fn request(self: &Arc<Self>, key: u32) -> oneshot::Receiver<String> {
        let (tx, rx) = oneshot::channel();
        let mut next = self.next();
        next.remove_cancelled();
        next.add(key, tx);
        if next.requests.len() >= self.size {
            let full = std::mem::take(&mut *next);
            tokio::spawn(Arc::clone(self).send(full.requests));
        } else if next.timer.is_none() {
            let timer = tokio::spawn(Arc::clone(self).send_after_delay());
            next.timer = Some(AbortOnDropHandle::new(timer));
        }
        rx
    }

    /// Spawns the call of `fetch` instead of making it: this task is aborted when its batch is full, and a call never is.
    async fn send_after_delay(self: Arc<Self>) {
        sleep(self.delay).await;
        let due = {
            let mut next = self.next();
            next.remove_cancelled();
            std::mem::take(&mut *next)
        };
        if !due.requests.is_empty() {
            tokio::spawn(Arc::clone(&self).send(due.requests));
        }
    }

    async fn send(self: Arc<Self>, requests: Vec<Request>) {
        let keys = requests.iter().map(|request| request.key).collect();
        let values = (self.fetch)(keys).await;
        for (value, request) in values.into_iter().zip(requests) {
            for caller in request.callers {
                // A caller that has been cancelled does not need its value.
                let _ = caller.send(value.clone());
            }
        }
    }

    fn next(&self) -> MutexGuard<'_, Batch> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Batch {
    fn add(&mut self, key: u32, caller: oneshot::Sender<String>) {
        match self.requests.iter_mut().find(|other| other.key == key) {
            Some(request) => request.callers.push(caller),
            None => self.requests.push(Request {
                key,
                callers: vec![caller],
            }),
        }
    }

    fn remove_cancelled(&mut self) {
        for request in &mut self.requests {
            request.callers.retain(|caller| !caller.is_closed());
        }
        self.requests.retain(|request| !request.callers.is_empty());
        if self.requests.is_empty() {
            self.timer = None;
        }
    }
}

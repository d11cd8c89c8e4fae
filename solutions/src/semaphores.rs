//! Semaphores: how many at a time, in the servers of a parcel service.
//!
//! Every permit here is a guard in a variable, so it is given back by whatever ends the block: the end of the
//! work, an error, a panic, or the drop of the future. No lock of the standard library is held across an
//! `.await`.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::task::AbortOnDropHandle;

/// What `acquire` never fails with here.
const NEVER_CLOSED: &str = "nobody closes this semaphore";

/// A limit that lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZeroLimit;

/// Looks parcels up, at most so many at the same time, over all calls together.
#[derive(Debug)]
pub struct Tracker {
    permits: Semaphore,
}

impl Tracker {
    /// A tracker for at most `limit` look-ups at the same time.
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

    /// Calls `look_up` once for each of `parcels`: what it gave, in the order of `parcels`.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops the look-ups that are under way and gives their places back.
    pub async fn look_up_all<T>(&self, parcels: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        join_all(parcels.iter().map(async |parcel| {
            let _permit = self.permits.acquire().await.expect(NEVER_CLOSED);
            look_up(*parcel).await
        }))
        .await
    }
}

/// Lets so many begin in a given time: a token bucket.
///
/// The tokens are not counted. How many there are follows from the instant at which the bucket will be full:
/// one is missing for each `every` until then. (This is the *generic cell rate algorithm* of the telephone
/// networks.)
#[derive(Debug)]
pub struct TokenBucket {
    every: Duration,
    /// How long an empty bucket takes to hold all tokens but one.
    all_but_one: Duration,
    /// When it will be full if nobody takes any more. Whoever holds the lock is the first in line.
    full_at: tokio::sync::Mutex<Instant>,
}

impl TokenBucket {
    /// A full bucket for `burst` tokens, to which one is added each time that `every` has passed.
    pub fn new(burst: u32, every: Duration) -> Self {
        Self {
            every,
            all_but_one: every * burst.saturating_sub(1),
            full_at: tokio::sync::Mutex::new(Instant::now()),
        }
    }

    /// Waits for a token and takes it; first come, first served.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future takes no token. The place in the line is lost.
    pub async fn take(&self) {
        // tokio's lock is fair, and it may be held while waiting: those behind have nothing else to wait for.
        let mut full_at = self.full_at.lock().await;
        // Read before the wait: a timer that is late must not make all later tokens late.
        let full_before = (*full_at).max(Instant::now());
        let wait = full_before
            .saturating_duration_since(Instant::now())
            .saturating_sub(self.all_but_one);
        if !wait.is_zero() {
            sleep_until(Instant::now() + wait).await;
        }
        *full_at = full_before + self.every;
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
///
/// A permit stands for the right to have a connection, open or not. So a connection that is closed needs no
/// bookkeeping: its permit comes back like any other, and finds no connection on the shelf.
#[derive(Debug)]
pub struct Pool<C> {
    permits: Semaphore,
    free: Mutex<Vec<C>>,
}

impl<C: Connection> Pool<C> {
    /// A pool of at most `size` connections, none of which is open yet.
    pub fn new(size: usize) -> Self {
        Self {
            permits: Semaphore::new(size),
            free: Mutex::default(),
        }
    }

    /// Lends a connection, and opens it if none is free.
    ///
    /// # Errors
    ///
    /// That of [`Connection::open`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives its place to the next one; a connection that is being opened is dropped.
    pub async fn get(&self) -> Result<Loan<'_, C>, C::Error> {
        let permit = self.permits.acquire().await.expect(NEVER_CLOSED);
        let free = self.free().pop();
        let connection = match free {
            Some(connection) if !connection.is_broken() => connection,
            _ => C::open().await?,
        };
        Ok(Loan {
            connection: Some(connection),
            pool: self,
            _permit: permit,
        })
    }

    fn give_back(&self, connection: C) {
        if !std::thread::panicking() && !connection.is_broken() {
            self.free().push(connection);
        }
    }

    /// One push or pop leaves nothing half done, so a poisoned lock tells nothing.
    fn free(&self) -> MutexGuard<'_, Vec<C>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection on loan. Dropped, it gives the connection back, and then the place.
pub struct Loan<'a, C: Connection> {
    connection: Option<C>,
    pool: &'a Pool<C>,
    _permit: SemaphorePermit<'a>,
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
        // The fields are dropped after this body: who has the permit next finds the connection on the shelf.
        if let Some(connection) = self.connection.take() {
            self.pool.give_back(connection);
        }
    }
}

/// The bulkhead is full, and the call was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// At most so many calls at the same time, and nobody waits in front.
#[derive(Debug)]
pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    /// Room for `size` calls.
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size);
        Self { permits }
    }

    /// Runs `call` in place, if there is room.
    ///
    /// # Errors
    ///
    /// [`Full`] if there is none; `call` is dropped and was never polled.
    ///
    /// # Cancel safety
    ///
    /// That of `call`; its room is free again.
    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        let _permit = self.permits.try_acquire().map_err(|_| Full)?;
        Ok(call.await)
    }
}

/// Collects questions and asks many of them in one trip.
pub struct Batcher<F> {
    shared: Arc<Shared<F>>,
}

struct Shared<F> {
    size: usize,
    delay: Duration,
    trip: F,
    next: Mutex<Batch>,
}

/// What goes out next: each key once, with all who want its answer.
#[derive(Default)]
struct Batch {
    wishes: Vec<(u32, Vec<oneshot::Sender<String>>)>,
    /// Sends it out when the delay is over. Dropped with the batch, it sends nothing more.
    alarm: Option<AbortOnDropHandle<()>>,
}

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    /// `trip` gives one answer for each key, in their order. A batch goes out as soon as it has `size` different keys,
    /// and at the latest `delay` after its first one.
    pub fn new(size: usize, delay: Duration, trip: F) -> Self {
        Self {
            shared: Arc::new(Shared {
                size,
                delay,
                trip,
                next: Mutex::default(),
            }),
        }
    }

    /// The answer to `key`; `None` if the trip panicked, or had no answer.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future takes back its wish, as long as the batch has not gone out.
    pub async fn get(&self, key: u32) -> Option<String> {
        let answer = self.shared.wish(key);
        answer.await.ok()
    }
}

impl<F, R> Shared<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    fn wish(self: &Arc<Self>, key: u32) -> oneshot::Receiver<String> {
        let (sender, receiver) = oneshot::channel();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.forget_who_left();
        match next.wishes.iter_mut().find(|(wished, _)| *wished == key) {
            Some((_, callers)) => callers.push(sender),
            None => next.wishes.push((key, vec![sender])),
        }
        if next.wishes.len() >= self.size {
            let full = std::mem::take(&mut *next);
            tokio::spawn(Arc::clone(self).ask(full.wishes));
        } else if next.alarm.is_none() {
            let alarm = tokio::spawn(Arc::clone(self).ask_later());
            next.alarm = Some(AbortOnDropHandle::new(alarm));
        }
        receiver
    }

    /// Not the trip itself: an alarm is aborted when its batch is full, and a trip never is.
    async fn ask_later(self: Arc<Self>) {
        sleep(self.delay).await;
        let late = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            next.forget_who_left();
            std::mem::take(&mut *next)
        };
        if !late.wishes.is_empty() {
            tokio::spawn(Arc::clone(&self).ask(late.wishes));
        }
    }

    async fn ask(self: Arc<Self>, wishes: Vec<(u32, Vec<oneshot::Sender<String>>)>) {
        let (keys, callers): (Vec<_>, Vec<_>) = wishes.into_iter().unzip();
        let answers = (self.trip)(keys).await;
        for (answer, callers) in answers.into_iter().zip(callers) {
            for caller in callers {
                // Whoever has left meanwhile does not want it any more.
                let _ = caller.send(answer.clone());
            }
        }
    }
}

impl Batch {
    fn forget_who_left(&mut self) {
        for (_, callers) in &mut self.wishes {
            callers.retain(|caller| !caller.is_closed());
        }
        self.wishes.retain(|(_, callers)| !callers.is_empty());
        if self.wishes.is_empty() {
            self.alarm = None;
        }
    }
}

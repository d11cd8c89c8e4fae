//! Locks: shared state of a ticket shop, and the primitives that such state is built from.
//!
//! One pattern recurs: a plain mutex protects values for a few lines, and its guard never lives across an `.await`. What has
//! to last longer is held by a value whose destructor releases it, because a future can be dropped wherever it waits.

use std::collections::{BTreeMap, HashMap};
use std::future::poll_fn;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Poll, Waker};
use std::time::Duration;

use grading::web::{Client, Page, WebError};
use tokio::time::Instant;

use crate::sync::{Arc, Mutex, MutexGuard};

/// A count that several tasks update, where each update awaits something between reading and writing.
///
/// `turn` is held for as long as an update takes. The count is stored in one step at the end, so a reader never waits and
/// never sees half an update.
#[derive(Debug)]
pub struct Counter {
    count: AtomicU64,
    turn: tokio::sync::Mutex<()>,
}

impl Counter {
    /// Creates a counter whose count is `count`.
    pub fn new(count: u64) -> Self {
        Self {
            count: AtomicU64::new(count),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// Returns the count that the last finished update left.
    pub fn get(&self) -> u64 {
        // `Relaxed` is enough: no other memory has to become visible together with the count.
        self.count.load(Relaxed)
    }

    /// Sets the count to the result of `change`. Updates run one at a time, in the order in which they were polled first.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future changes nothing, and lets the next update start.
    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let _turn = self.turn.lock().await;
        let count = change(self.get()).await;
        self.count.store(count, Relaxed);
        count
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

/// Sells the seats of one performance.
///
/// The lock is held to check and mark a seat, and never during a payment. In that time a `Reservation` keeps the seat.
#[derive(Debug)]
pub struct SeatReservations {
    taken: Mutex<Vec<bool>>,
}

impl SeatReservations {
    /// Creates a performance with this many seats, all of them free.
    pub fn new(seats: usize) -> Self {
        Self {
            taken: Mutex::new(vec![false; seats]),
        }
    }

    /// Returns how many seats are neither sold nor being paid for. It never waits.
    pub async fn free(&self) -> usize {
        self.taken().iter().filter(|taken| !**taken).count()
    }

    /// Reserves a seat, awaits `pay`, and sells the seat if the payment returns `true`.
    ///
    /// # Errors
    ///
    /// `Taken`, at once, if the seat cannot be reserved; `NotPaid` if the payment fails.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops `pay` and frees the seat.
    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), BookingError> {
        let reservation = self.reserve(seat).ok_or(BookingError::Taken)?;
        if !pay.await {
            return Err(BookingError::NotPaid);
        }
        reservation.confirm();
        Ok(())
    }

    fn reserve(&self, seat: usize) -> Option<Reservation<'_>> {
        let was_taken = std::mem::replace(self.taken().get_mut(seat)?, true);
        (!was_taken).then(|| Reservation { seats: self, seat })
    }

    /// A list of flags is never half changed, so the lock is used even if it is poisoned.
    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A seat that is being paid for. Dropping the reservation frees it.
#[must_use = "dropping a reservation frees its seat"]
struct Reservation<'a> {
    seats: &'a SeatReservations,
    seat: usize,
}

impl Reservation<'_> {
    /// Leaves the seat taken. Nothing is leaked: a reservation owns no memory.
    fn confirm(self) {
        std::mem::forget(self);
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.seats.taken()[self.seat] = false;
    }
}

/// The wakers of waiting futures, one for each. It contains no lock: each owner puts it under its own.
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

    /// Takes all wakers out, to be woken after the lock has been released.
    pub fn take_all(&mut self) -> Vec<Waker> {
        std::mem::take(&mut self.wakers).into_values().collect()
    }
}

/// Calls a closure when it is dropped: what a waiting future has to do, however it ends.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// A latch: an event that happens once, and that any number of tasks can wait for.
#[derive(Debug)]
pub struct Latch {
    state: Mutex<LatchState>,
}

#[derive(Debug, Default)]
struct LatchState {
    open: bool,
    waiters: Waiters,
}

impl Latch {
    /// Creates a latch that is closed.
    pub fn closed() -> Self {
        Self {
            state: Mutex::default(),
        }
    }

    /// Opens the latch for good, and wakes every waiter.
    pub fn open(&self) {
        let mut state = self.state();
        state.open = true;
        let wakers = state.waiters.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Waits until the latch is open.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops its waker.
    pub async fn wait(&self) {
        let id = self.state().waiters.new_id();
        let _cleanup = OnDrop(|| self.state().waiters.remove(id));
        poll_fn(|cx| {
            let mut state = self.state();
            if state.open {
                return Poll::Ready(());
            }
            state.waiters.set_waker(id, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, LatchState> {
        self.state.lock().expect("the lock is poisoned")
    }
}

/// A barrier: each task that arrives waits until `n` have arrived, round after round.
#[derive(Debug)]
pub struct Barrier {
    n: usize,
    state: Mutex<BarrierState>,
}

#[derive(Debug, Default)]
struct BarrierState {
    /// How many tasks have arrived in the current round and are still waiting
    arrived: usize,
    /// How many rounds are complete. A flag would not do: before the last task of a round is polled, the next round may
    /// be complete as well.
    rounds: u64,
    waiters: Waiters,
}

impl Barrier {
    /// Creates a barrier for `n` tasks. A barrier for 0 behaves like one for 1.
    pub fn new(n: usize) -> Self {
        Self {
            n: n.max(1),
            state: Mutex::default(),
        }
    }

    /// Arrives, and waits until `n` have arrived. Returns `true` for the last to arrive.
    ///
    /// # Cancel safety
    ///
    /// A future that is dropped while it waits no longer counts.
    pub async fn wait(&self) -> bool {
        let Some((round, id)) = self.arrive() else {
            return true;
        };
        let _cleanup = OnDrop(|| {
            let mut state = self.state();
            state.waiters.remove(id);
            if state.rounds == round {
                state.arrived -= 1;
            }
        });
        poll_fn(|cx| {
            let mut state = self.state();
            if state.rounds > round {
                return Poll::Ready(false);
            }
            state.waiters.set_waker(id, cx.waker());
            Poll::Pending
        })
        .await
    }

    /// Counts one more arrival. Returns its round and its id as a waiter, or `None` if it has completed the round.
    fn arrive(&self) -> Option<(u64, u64)> {
        let mut state = self.state();
        state.arrived += 1;
        if state.arrived < self.n {
            return Some((state.rounds, state.waiters.new_id()));
        }
        state.arrived = 0;
        state.rounds += 1;
        let wakers = state.waiters.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        None
    }

    fn state(&self) -> MutexGuard<'_, BarrierState> {
        self.state.lock().expect("the lock is poisoned")
    }
}

/// A condition variable together with its value.
#[derive(Debug)]
pub struct Condition<T> {
    state: Mutex<(T, Waiters)>,
}

impl<T> Condition<T> {
    /// Creates a condition variable for `value`.
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((value, Waiters::default())),
        }
    }

    /// Calls `change` with the value, and wakes every waiter.
    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.state();
        let (value, waiters) = &mut *state;
        let result = change(value);
        let wakers = waiters.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    /// Waits until `take` returns `Some`. Then it wakes the other waiters, because `take` may have changed the value.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, nothing has been taken, and its waker is dropped too.
    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        let id = self.state().1.new_id();
        let _cleanup = OnDrop(|| self.state().1.remove(id));
        poll_fn(|cx| {
            let mut state = self.state();
            let (value, waiters) = &mut *state;
            let Some(taken) = take(value) else {
                waiters.set_waker(id, cx.waker());
                return Poll::Pending;
            };
            let wakers = waiters.take_all();
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
            Poll::Ready(taken)
        })
        .await
    }

    /// A closure of the caller may panic under the lock. That leaves the list of wakers intact, and the value is the
    /// caller's responsibility, so a poisoned lock is used all the same.
    fn state(&self) -> MutexGuard<'_, (T, Waiters)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A cache in front of a slow site, with single flight: at most one download of each path at a time.
#[derive(Debug)]
pub struct Cache {
    client: Client,
    fresh_for: Duration,
    entries: Mutex<HashMap<String, Arc<Entry>>>,
}

/// The page of one path. The caller that holds the lock may download it. The others wait for the lock, in order of arrival, and
/// check again when they have it. If the caller fails or is dropped, the lock goes to the next one.
type Entry = tokio::sync::Mutex<Option<Cached>>;

#[derive(Debug)]
struct Cached {
    page: Page,
    arrived: Instant,
}

impl Cache {
    /// Creates an empty cache in front of `client`.
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            entries: Mutex::default(),
        }
    }

    /// Returns the page at `path`, cached or downloaded.
    ///
    /// # Errors
    ///
    /// The error of the download, if this call made it.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops its download. The next waiting caller starts another one.
    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let entry = self.entry(path);
        let mut cached = entry.lock().await;
        if let Some(cached) = &*cached
            && cached.arrived.elapsed() < self.fresh_for
        {
            return Ok(cached.page.clone());
        }
        let page = self.client.get(path).await?;
        *cached = Some(Cached {
            page: page.clone(),
            arrived: Instant::now(),
        });
        Ok(page)
    }

    /// The lock of the map is held for this look-up only.
    fn entry(&self, path: &str) -> Arc<Entry> {
        let mut entries = self.entries.lock().expect("the lock is poisoned");
        entries.entry(path.to_owned()).or_default().clone()
    }
}

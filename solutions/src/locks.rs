//! Locks: what a theatre shares, from the seats to the programme.
//!
//! One habit is in all of it: a lock of the standard library guards values, for a few lines and never across an
//! `.await`. Whoever has to keep others out for longer holds a thing that gives itself back when it is
//! dropped, because a future may be dropped wherever it waits.

use std::collections::{BTreeMap, HashMap};
use std::future::poll_fn;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Poll, Waker};
use std::time::Duration;

use grading::web::{Client, Page, WebError};
use tokio::time::Instant;

use crate::sync::{Arc, Mutex, MutexGuard};

/// A count that several people change, each with a wait between reading and writing.
///
/// The turn is held for as long as an update takes. The count is not: it is changed in one step at the end, so
/// whoever reads it waits for nobody, and sees no half of an update.
#[derive(Debug)]
pub struct Counter {
    count: AtomicU64,
    turn: tokio::sync::Mutex<()>,
}

impl Counter {
    /// A count that begins with `count`.
    pub fn new(count: u64) -> Self {
        Self {
            count: AtomicU64::new(count),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// The count, as the last finished update has left it.
    pub fn get(&self) -> u64 {
        // Only the count itself is read and written here: no other memory has to be seen along with it.
        self.count.load(Relaxed)
    }

    /// Changes the count to what `change` makes of it; one update at a time, in the order of their coming.
    ///
    /// # Cancel safety
    ///
    /// Dropping it changes nothing, and gives the turn back.
    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let _turn = self.turn.lock().await;
        let count = change(self.get()).await;
        self.count.store(count, Relaxed);
        count
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

/// Sells the seats of one evening.
///
/// The lock is held to look and to mark, and never while somebody pays. What keeps a seat meanwhile is a
/// `Reservation`.
#[derive(Debug)]
pub struct BoxOffice {
    taken: Mutex<Vec<bool>>,
}

impl BoxOffice {
    /// With this many seats, all free.
    pub fn new(seats: usize) -> Self {
        Self {
            taken: Mutex::new(vec![false; seats]),
        }
    }

    /// How many seats are neither sold nor being paid for. It never waits.
    pub async fn free(&self) -> usize {
        self.taken().iter().filter(|taken| !**taken).count()
    }

    /// Reserves a seat, awaits `pay`, and sells it if that gives `true`.
    ///
    /// # Errors
    ///
    /// If the seat is taken, at once, or if it was not paid for.
    ///
    /// # Cancel safety
    ///
    /// Dropping it drops `pay` and frees the seat.
    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), NotBooked> {
        let reservation = self.reserve(seat).ok_or(NotBooked::Taken)?;
        if !pay.await {
            return Err(NotBooked::NotPaid);
        }
        reservation.sell();
        Ok(())
    }

    fn reserve(&self, seat: usize) -> Option<Reservation<'_>> {
        let was_taken = std::mem::replace(self.taken().get_mut(seat)?, true);
        (!was_taken).then(|| Reservation { office: self, seat })
    }

    /// A list of flags is never half changed, so a poisoned lock tells nothing.
    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A seat that is kept for somebody who is paying. Dropped, it is free again.
#[must_use = "a reservation that is dropped frees its seat"]
struct Reservation<'a> {
    office: &'a BoxOffice,
    seat: usize,
}

impl Reservation<'_> {
    /// The seat stays taken.
    fn sell(self) {
        std::mem::forget(self);
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.office.taken()[self.seat] = false;
    }
}

/// The wakers of those who wait, one for each. It has no lock: each owner puts its own around it.
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

/// Runs `leave` when it is dropped: what a future that waits has to do wherever it ends.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// A door that is opened once, and stays open.
#[derive(Debug)]
pub struct Latch {
    door: Mutex<Door>,
}

#[derive(Debug, Default)]
struct Door {
    open: bool,
    waiting: Waiting,
}

impl Latch {
    /// A latch that is closed.
    pub fn closed() -> Self {
        Self {
            door: Mutex::default(),
        }
    }

    /// Opens it for good, and wakes whoever waits.
    pub fn open(&self) {
        let mut door = self.door();
        door.open = true;
        let wakers = door.waiting.take_all();
        drop(door);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Waits until it is open.
    ///
    /// # Cancel safety
    ///
    /// Dropping it takes its waker along.
    pub async fn wait(&self) {
        let ticket = self.door().waiting.ticket();
        let _leave = OnDrop(|| self.door().waiting.forget(ticket));
        poll_fn(|cx| {
            let mut door = self.door();
            if door.open {
                return Poll::Ready(());
            }
            door.waiting.keep(ticket, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn door(&self) -> MutexGuard<'_, Door> {
        self.door.lock().expect("nobody panics with the lock")
    }
}

/// A line at which everybody waits until `n` are there, again and again.
#[derive(Debug)]
pub struct Barrier {
    n: usize,
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    /// How many wait in the present round.
    here: usize,
    /// How many rounds are over. One flag would not do: by the time the last of a round is polled, the next
    /// round may have begun.
    rounds: u64,
    waiting: Waiting,
}

impl Barrier {
    /// A line for `n`. One for 0 is one for 1.
    pub fn new(n: usize) -> Self {
        Self {
            n: n.max(1),
            line: Mutex::default(),
        }
    }

    /// Waits until `n` have come. True for the one that came last.
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, it is not counted any more.
    pub async fn wait(&self) -> bool {
        let Some((round, ticket)) = self.arrive() else {
            return true;
        };
        let _leave = OnDrop(|| {
            let mut line = self.line();
            line.waiting.forget(ticket);
            if line.rounds == round {
                line.here -= 1;
            }
        });
        poll_fn(|cx| {
            let mut line = self.line();
            if line.rounds > round {
                return Poll::Ready(false);
            }
            line.waiting.keep(ticket, cx.waker());
            Poll::Pending
        })
        .await
    }

    /// Counts one more: in which round, and under which ticket, it waits. `None` for the last one, which ends the
    /// round.
    fn arrive(&self) -> Option<(u64, u64)> {
        let mut line = self.line();
        line.here += 1;
        if line.here < self.n {
            return Some((line.rounds, line.waiting.ticket()));
        }
        line.here = 0;
        line.rounds += 1;
        let wakers = line.waiting.take_all();
        drop(line);
        wakers.into_iter().for_each(Waker::wake);
        None
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().expect("nobody panics with the lock")
    }
}

/// A value, and a place to wait until it is as one needs it.
#[derive(Debug)]
pub struct Condition<T> {
    state: Mutex<(T, Waiting)>,
}

impl<T> Condition<T> {
    /// With this value, and nobody who waits.
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((value, Waiting::default())),
        }
    }

    /// Changes the value, and wakes all who wait.
    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.state();
        let (value, waiting) = &mut *state;
        let result = change(value);
        let wakers = waiting.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    /// Waits until `take` gives `Some`, and wakes the others then: it may have changed the value.
    ///
    /// # Cancel safety
    ///
    /// Dropping it takes its waker along. Nothing was taken.
    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        let ticket = self.state().1.ticket();
        let _leave = OnDrop(|| self.state().1.forget(ticket));
        poll_fn(|cx| {
            let mut state = self.state();
            let (value, waiting) = &mut *state;
            let Some(taken) = take(value) else {
                waiting.keep(ticket, cx.waker());
                return Poll::Pending;
            };
            let wakers = waiting.take_all();
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
            Poll::Ready(taken)
        })
        .await
    }

    /// A closure of the caller's may panic under the lock. The list of wakers is whole all the same, and the value is
    /// the caller's affair.
    fn state(&self) -> MutexGuard<'_, (T, Waiting)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Pages from a slow site, kept for a while, with a single flight for each path.
#[derive(Debug)]
pub struct Cache {
    client: Client,
    fresh_for: Duration,
    places: Mutex<HashMap<String, Arc<Place>>>,
}

/// One path's page. Who has the lock may download it; the others wait for the lock, in the order of their coming,
/// and look again when they have it. A caller that fails or is dropped gives the lock to the next.
type Place = tokio::sync::Mutex<Option<Kept>>;

#[derive(Debug)]
struct Kept {
    page: Page,
    since: Instant,
}

impl Cache {
    /// An empty cache in front of `client`.
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            places: Mutex::default(),
        }
    }

    /// The page at `path`, kept or downloaded.
    ///
    /// # Errors
    ///
    /// That of the download, if this call made it.
    ///
    /// # Cancel safety
    ///
    /// Dropping it stops its download; the next caller that waits makes another one.
    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let place = self.place(path);
        let mut kept = place.lock().await;
        if let Some(kept) = &*kept
            && kept.since.elapsed() < self.fresh_for
        {
            return Ok(kept.page.clone());
        }
        let page = self.client.get(path).await?;
        *kept = Some(Kept {
            page: page.clone(),
            since: Instant::now(),
        });
        Ok(page)
    }

    /// The lock around all places is held for this look only.
    fn place(&self, path: &str) -> Arc<Place> {
        let mut places = self.places.lock().expect("nobody panics with the lock");
        places.entry(path.to_owned()).or_default().clone()
    }
}

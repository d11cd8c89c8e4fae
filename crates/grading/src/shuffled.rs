//! Many orders in which the futures of a test can take their turns.
//!
//! What is made of tokio's primitives cannot be explored with loom. But whoever decides which of the woken
//! futures is polled next can make the orders that a busy server makes, and a number that begins a row of
//! random numbers is enough to have one of them again.

use std::panic::Location;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::grade::fail;
use crate::run::Run;

/// The seed of the one order to try, to have a failure again.
const VARIABLE: &str = "GRADING_SEED";

/// How many orders are tried.
const SEEDS: u64 = 200;

/// A joined future hands the thread back to the runtime after so many polls, or earlier.
const MOST_POLLS: usize = 32;

/// Runs `test` 200 times, each time with other orders of polls, and fails with the report of the first run in
/// which the answer is wrong.
///
/// Each run is like one of [`grade`](crate::grade): a fresh runtime, a paused clock, a recorder. The test gets
/// a [`Shuffle`], whose [`join`](Shuffle::join) stands where `join_all` would, and which is also a source of
/// random numbers, of turns for others, and of drops. All of it follows from the run's seed, a number from 0
/// to 199. A report names it, and with the environment variable `GRADING_SEED` set to that number only
/// this one order is tried:
///
/// ```text
#[doc = include_str!("../tests/reports/board-looks_before_it_waits.txt")]
/// ```
///
/// It is a whole test, like `grade`, and not to be called inside it.
///
/// ```
/// use std::sync::Arc;
///
/// use grading::{Gauge, Failure, check, ms, shuffled};
/// use tokio::sync::Semaphore;
///
/// shuffled(async |shuffle| {
///     let permits = Arc::new(Semaphore::new(3));
///     let gauge = Gauge::new();
///     let visitors = (0..8).map(|_| async {
///         let _permit = permits.acquire().await;
///         let _inside = gauge.enter();
///         tokio::time::sleep(ms(shuffle.below(5))).await;
///         shuffle.turns().await;
///     });
///     shuffle.join(visitors).await;
///     check(gauge.peak() == 3, || Failure::new(format!("3 should be inside; {} were.", gauge.peak())));
///     check(permits.available_permits() == 3, || Failure::new("All permits should be back."));
/// });
/// ```
///
/// # What is not shuffled
///
/// Tasks that an answer spawns: tokio polls them in the order of their wake-ups. Give what they call some
/// [`turns`](Shuffle::turns). And `tokio::select!` and `join!` without `biased;` begin with a branch of their own
/// choice, which no seed repeats.
///
/// # Panics
///
/// It fails the test for everything that fails a `grade`. It panics if `GRADING_SEED` is not a number.
#[track_caller]
pub fn shuffled<F: AsyncFn(Shuffle)>(test: F) {
    let (name, grader) = (std::any::type_name::<F>(), Location::caller().file());
    for seed in seeds() {
        let run = Run::new(name, grader);
        let body = Box::pin(async { test(Shuffle::new(seed)).await });
        if let Err(mut report) = run.play(body) {
            report.with_seed(VARIABLE, seed);
            fail(&report);
        }
    }
}

fn seeds() -> std::ops::Range<u64> {
    let Ok(seed) = std::env::var(VARIABLE) else {
        return 0..SEEDS;
    };
    match seed.parse::<u64>() {
        Ok(seed) if seed < u64::MAX => seed..seed + 1,
        _ => panic!("{VARIABLE} should be the number that a report has named; it is {seed:?}."),
    }
}

/// What chance decides in one run of [`shuffled`].
///
/// Clones draw from the same row of numbers, and may go to tasks that are spawned.
#[derive(Debug, Clone)]
pub struct Shuffle {
    numbers: Arc<Mutex<Numbers>>,
}

impl Shuffle {
    fn new(seed: u64) -> Self {
        Self {
            numbers: Arc::new(Mutex::new(Numbers { state: seed })),
        }
    }

    /// A random number from 0 to `n` - 1.
    ///
    /// # Panics
    ///
    /// If `n` is 0.
    pub fn below(&self, n: u64) -> u64 {
        self.numbers().next() % n
    }

    /// Polls `futures` until all are ready; their outputs, in the order of `futures`.
    ///
    /// Like `join_all` it is part of the task that awaits it, and polls only what was woken. Which of the
    /// woken ones comes next is random, and so is how many are polled before everybody else has a turn.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, the futures that are not ready are dropped where they stand.
    pub async fn join<F: Future>(&self, futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
        let waker = Arc::new(Mutex::new(Waker::noop().clone()));
        let mut children: Vec<Child<F>> = futures
            .into_iter()
            .map(|future| Child::new(future, &waker))
            .collect();
        std::future::poll_fn(|cx| {
            lock(&waker).clone_from(cx.waker());
            self.poll_some(&mut children);
            if children.iter().all(Child::is_ready) {
                return Poll::Ready(());
            }
            if children.iter().any(Child::is_due) {
                cx.waker().wake_by_ref();
            }
            Poll::Pending
        })
        .await;
        children
            .into_iter()
            .filter_map(|child| child.output)
            .collect()
    }

    fn poll_some<F: Future>(&self, children: &mut [Child<F>]) {
        for _ in 0..MOST_POLLS {
            let mut due: Vec<&mut Child<F>> =
                children.iter_mut().filter(|child| child.is_due()).collect();
            if due.is_empty() {
                return;
            }
            let next = self.below(due.len() as u64) as usize;
            due[next].poll();
            if self.below(2) == 0 {
                return;
            }
        }
    }

    /// Lets everybody else have from 0 to 3 turns. No time passes.
    ///
    /// # Cancel safety
    ///
    /// It changes nothing but the numbers that come after it, so it may be dropped.
    pub async fn turns(&self) {
        for _ in 0..self.below(4) {
            tokio::task::yield_now().await;
        }
    }

    /// Polls `future` until it is ready, or drops it before that: before its first poll, when it has been pending
    /// one to three times, or when it has been woken after that and not polled again. `None` if it was dropped.
    ///
    /// # Cancel safety
    ///
    /// That of `future`.
    pub async fn drop_somewhere<F: Future>(&self, future: F) -> Option<F::Output> {
        // 0: at once. Odd: while it waits. Even: when it is woken. 7: never, most likely.
        let mut steps = self.below(8);
        let mut future = Box::pin(future);
        std::future::poll_fn(|cx| {
            if steps == 0 {
                return Poll::Ready(None);
            }
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(Some(output));
            }
            steps -= 1;
            if steps == 0 {
                return Poll::Ready(None);
            }
            steps -= 1;
            Poll::Pending
        })
        .await
    }

    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        lock(&self.numbers)
    }
}

/// One of the futures that are joined.
struct Child<F: Future> {
    /// `None` when it is ready.
    future: Option<Pin<Box<F>>>,
    output: Option<F::Output>,
    ring: Arc<Ring>,
}

impl<F: Future> Child<F> {
    fn new(future: F, parent: &Arc<Mutex<Waker>>) -> Self {
        Self {
            future: Some(Box::pin(future)),
            output: None,
            ring: Arc::new(Ring {
                woken: AtomicBool::new(true),
                parent: Arc::clone(parent),
            }),
        }
    }

    fn is_ready(&self) -> bool {
        self.future.is_none()
    }

    fn is_due(&self) -> bool {
        self.future.is_some() && self.ring.woken.load(Relaxed)
    }

    fn poll(&mut self) {
        let Some(future) = &mut self.future else {
            return;
        };
        self.ring.woken.store(false, Relaxed);
        let waker = Waker::from(Arc::clone(&self.ring));
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            self.output = Some(output);
            self.future = None;
        }
    }
}

/// The waker of one child: it says which one was woken, and wakes the task.
struct Ring {
    woken: AtomicBool,
    parent: Arc<Mutex<Waker>>,
}

impl Wake for Ring {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Relaxed);
        let parent = lock(&self.parent).clone();
        parent.wake();
    }
}

/// A row of random numbers: SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", 2014).
#[derive(Debug)]
struct Numbers {
    state: u64,
}

impl Numbers {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Nothing panics while one of them is held, so a poisoned lock tells nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    #[test]
    fn the_numbers_are_those_of_the_reference_implementation() {
        let mut numbers = Numbers { state: 1_234_567 };
        let first = [numbers.next(), numbers.next(), numbers.next()];
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(first, expected);
    }
}

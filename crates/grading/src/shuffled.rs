//! Random orders in which the futures of a test are polled.
//!
//! Code that is built on tokio's primitives cannot be explored with loom. But a test that decides which of the
//! woken futures is polled next can produce the orders that a busy server produces, and the seed of the random
//! numbers repeats any of them.

use std::panic::Location;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::run::Run;

/// Names the seed of the only order to try, to repeat a failure.
const VARIABLE: &str = "GRADING_SEED";

/// How many orders are tried.
const SEEDS: u64 = 200;

/// A join returns to the runtime after at most this many polls.
const MOST_POLLS: usize = 32;

/// Runs `test` 200 times, each time in another order of polls, and fails with the report of the first run in
/// which the answer is wrong.
///
/// Each run is like one of [`grade`](crate::grade): a fresh runtime, a paused clock, a recorder. The test gets
/// a [`Shuffle`]: its [`join`](Shuffle::join) replaces `join_all`, and it is also a source of random numbers,
/// of turns for other tasks, and of drops. All of it follows from the run's seed, a number from 0 to 199. A
/// report names the seed, and with the environment variable `GRADING_SEED` set to that number only this one
/// order is tried:
///
/// ```text
#[doc = include_str!("../tests/reports/pool-checks_before_it_waits.txt")]
/// ```
///
/// It is a whole test, like `grade`, and must not be called inside it.
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
///     let jobs = (0..8).map(|_| async {
///         let _permit = permits.acquire().await;
///         let _running = gauge.enter();
///         tokio::time::sleep(ms(shuffle.below(5))).await;
///         shuffle.turns().await;
///     });
///     shuffle.join(jobs).await;
///     check(gauge.peak() == 3, || Failure::new(format!("3 should run at once; {} did.", gauge.peak())));
///     check(permits.available_permits() == 3, || Failure::new("All permits should be available."));
/// });
/// ```
///
/// # What is not shuffled
///
/// Tasks that an answer spawns: tokio polls them in the order of their wake-ups. Give what they call some
/// [`turns`](Shuffle::turns). And `tokio::select!` and `join!` without `biased;` choose by themselves with
/// which branch they begin, which no seed repeats.
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
            report.fail();
        }
    }
}

fn seeds() -> std::ops::Range<u64> {
    let Ok(seed) = std::env::var(VARIABLE) else {
        return 0..SEEDS;
    };
    match seed.parse::<u64>() {
        Ok(seed) if seed < u64::MAX => seed..seed + 1,
        _ => panic!("{VARIABLE} should be a number that a report has named; it is {seed:?}."),
    }
}

/// The random decisions of one run of [`shuffled`].
///
/// Clones draw from the same sequence of numbers, and may be moved into spawned tasks.
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

    /// Polls `futures` until all are ready. Returns their outputs, in the order of `futures`.
    ///
    /// Like `join_all` it is part of the task that awaits it, and polls only futures that were woken. Which of
    /// them is polled next is random, and so is how many are polled before it returns to the runtime.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, the futures that are not ready are dropped.
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
            if children.iter().any(Child::is_woken) {
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
            let mut woken: Vec<&mut Child<F>> = children
                .iter_mut()
                .filter(|child| child.is_woken())
                .collect();
            if woken.is_empty() {
                return;
            }
            let next = self.below(woken.len() as u64) as usize;
            woken[next].poll();
            if self.below(2) == 0 {
                return;
            }
        }
    }

    /// Gives other tasks and futures from 0 to 3 turns. No time passes.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future affects only the random numbers that follow.
    pub async fn turns(&self) {
        for _ in 0..self.below(4) {
            tokio::task::yield_now().await;
        }
    }

    /// Polls `future` until it is ready, or drops it before that: before its first poll, when it has been pending
    /// one to three times, or when it has been woken after that and not polled again. Returns `None` if it was
    /// dropped.
    ///
    /// # Cancel safety
    ///
    /// That of `future`.
    pub async fn drop_somewhere<F: Future>(&self, future: F) -> Option<F::Output> {
        // 0: before the first poll. Odd: while it waits. Even: after it was woken. 7: most likely never.
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
    /// `None` once it is ready.
    future: Option<Pin<Box<F>>>,
    output: Option<F::Output>,
    waker: Arc<ChildWaker>,
}

impl<F: Future> Child<F> {
    fn new(future: F, parent: &Arc<Mutex<Waker>>) -> Self {
        Self {
            future: Some(Box::pin(future)),
            output: None,
            waker: Arc::new(ChildWaker {
                woken: AtomicBool::new(true),
                parent: Arc::clone(parent),
            }),
        }
    }

    fn is_ready(&self) -> bool {
        self.future.is_none()
    }

    fn is_woken(&self) -> bool {
        self.future.is_some() && self.waker.woken.load(Relaxed)
    }

    fn poll(&mut self) {
        let Some(future) = &mut self.future else {
            return;
        };
        self.waker.woken.store(false, Relaxed);
        let waker = Waker::from(Arc::clone(&self.waker));
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            self.output = Some(output);
            self.future = None;
        }
    }
}

/// The waker of one child: it marks the child as woken, and wakes the task.
struct ChildWaker {
    woken: AtomicBool,
    parent: Arc<Mutex<Waker>>,
}

impl Wake for ChildWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Relaxed);
        let parent = lock(&self.parent).clone();
        parent.wake();
    }
}

/// A sequence of random numbers: SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
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

/// No code panics while it holds one of these locks, so poison does not matter.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    #[test]
    fn the_numbers_match_the_reference_implementation() {
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

//! A task that shows whether the answer lets other tasks run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;

/// A task that runs next to the answer and counts beats, to show whether the answer lets other tasks run.
///
/// [`Ticker::every`] beats on tokio's clock. [`Ticker::every_turn`] beats whenever it gets a turn, which says
/// more about an answer that computes: virtual time stands still while code runs.
///
/// The task is aborted when the ticker is dropped. Take a [`Tasks::baseline`](crate::Tasks) after starting it.
///
/// ```
/// use grading::{Failure, Ticker, check, grade, ms};
///
/// grade(async || {
///     let ticker = Ticker::every_turn();
///     for _part in 0..10 {
///         tokio::task::yield_now().await;
///     }
///     let turns = ticker.beats();
///     check(turns >= 10, || {
///         Failure::new(format!("Other tasks should get 10 turns in between; they got {turns}."))
///     });
/// });
///
/// grade(async || {
///     let ticker = Ticker::every(ms(10));
///     tokio::time::sleep(ms(55)).await;
///     check(ticker.beats() == 5, || Failure::new("It should beat at 10, 20, 30, 40 and 50 ms."));
///     check(ticker.largest_gap() == ms(10), || Failure::new("It should beat regularly."));
/// });
/// ```
#[derive(Debug)]
pub struct Ticker {
    beats: Arc<Mutex<Beats>>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Beats {
    count: usize,
    last: Instant,
    largest_gap: Duration,
}

impl Ticker {
    /// Beats every `period`, for the first time after one period.
    ///
    /// An answer that never ends is still found, as one that runs forever, because the ticker's timers keep the
    /// clock moving.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn every(period: Duration) -> Self {
        Self::spawned(|beats| async move {
            loop {
                tokio::time::sleep(period).await;
                lock(&beats).beat();
            }
        })
    }

    /// Beats each time it gets a turn. Virtual time cannot advance while it exists.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn every_turn() -> Self {
        Self::spawned(|beats| async move {
            loop {
                lock(&beats).beat();
                tokio::task::yield_now().await;
            }
        })
    }

    #[track_caller]
    fn spawned<F>(beating: impl FnOnce(Arc<Mutex<Beats>>) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let beats = Arc::new(Mutex::new(Beats {
            count: 0,
            last: Instant::now(),
            largest_gap: Duration::ZERO,
        }));
        let task = tokio::spawn(beating(Arc::clone(&beats)));
        Self { beats, task }
    }

    /// How often it has beaten so far.
    pub fn beats(&self) -> usize {
        lock(&self.beats).count
    }

    /// The longest time between two beats on tokio's clock, where the start and now count as beats.
    pub fn largest_gap(&self) -> Duration {
        let beats = lock(&self.beats);
        beats.largest_gap.max(beats.last.elapsed())
    }
}

impl Beats {
    fn beat(&mut self) {
        self.count += 1;
        self.largest_gap = self.largest_gap.max(self.last.elapsed());
        self.last = Instant::now();
    }
}

/// No code panics while it holds the lock, so poison does not matter.
fn lock(beats: &Mutex<Beats>) -> MutexGuard<'_, Beats> {
    beats.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

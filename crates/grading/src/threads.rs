//! Threads that the runtime of a test does not know.
//!
//! On a paused clock, time advances when everything waits. A runtime that waits for a `std::thread` waits as well, so its
//! clock would jump while the thread is at work. And a test is inside a runtime, where some answers must not be called.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use tokio::task::spawn_blocking;

use crate::failure::Failure;
use crate::run::{Inside, Run};

/// While it lives, the clock of the test stands still, also if everything waits for a thread.
///
/// From then on a report says that it depends on threads, so that no known mistake is recognised by it.
///
/// ```
/// use grading::{HeldClock, grade, ms};
/// use tokio::sync::oneshot;
/// use tokio::time::timeout;
///
/// grade(async || {
///     let _clock = HeldClock::new();
///     let (tx, rx) = oneshot::channel();
///     std::thread::spawn(|| tx.send(7));
///     assert_eq!(timeout(ms(1), rx).await, Ok(Ok(7)));
/// });
/// ```
#[derive(Debug)]
#[must_use = "the clock is held until it is dropped"]
pub struct HeldClock {
    _until_dropped: mpsc::Sender<()>,
}

impl HeldClock {
    /// Holds the clock of the current runtime.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    pub fn new() -> Self {
        if let Some(run) = Run::current() {
            run.set_waits_for_threads();
        }
        let (until_dropped, dropped) = mpsc::channel();
        // Time does not advance while a blocking closure runs.
        spawn_blocking(move || dropped.recv());
        Self {
            _until_dropped: until_dropped,
        }
    }
}

impl Default for HeldClock {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs `call` on a thread that is in no runtime. The clock stands still in the meantime.
///
/// A panic continues in the test, and counts as one of the answer if that is where it was. From then on a report says that
/// it depends on threads, as with a [`HeldClock`].
///
/// ```
/// use grading::{grade, outside_runtime};
/// use tokio::runtime::Handle;
///
/// grade(async || {
///     assert!(outside_runtime(|| Handle::try_current().is_err()).await);
/// });
/// ```
///
/// # Cancel safety
///
/// If it is dropped, the thread runs on.
pub async fn outside_runtime<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) -> T {
    let returned = Arc::new(Mutex::new(None));
    let returns = Arc::clone(&returned);
    run_outside(Box::new(move || {
        let value = call();
        *returns.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }))
    .await;
    let mut returned = returned.lock().unwrap_or_else(PoisonError::into_inner);
    returned.take().expect("the call has returned")
}

/// Not generic, so that it is compiled once instead of for every call of a grader.
async fn run_outside(call: Box<dyn FnOnce() + Send>) {
    let run = Run::current();
    if let Some(run) = &run {
        run.set_waits_for_threads();
    }
    // A thread of the pool is in the context of its runtime, and a thread that it starts is not.
    let returned = spawn_blocking(move || {
        let thread = std::thread::spawn(move || {
            let _inside = run.as_ref().map(Inside::enter);
            call();
        });
        thread.join()
    });
    match returned.await {
        Ok(Ok(())) => {}
        Ok(Err(panic)) => resume_unwind(panic),
        Err(not_started) => resume_unwind(not_started.into_panic()),
    }
}

/// Awaits `future`. If everything waits for a thread, and it never ends, `failure` is reported.
///
/// It is [`must_return`](crate::must_return) for a future. The clock has to be [held](HeldClock).
///
/// # Cancel safety
///
/// That of `future`.
pub async fn must_end<F: Future>(future: F, failure: Failure) -> F::Output {
    let run = Run::current();
    if let Some(run) = &run {
        run.set_if_blocked(Some(failure));
    }
    let output = future.await;
    if let Some(run) = &run {
        run.set_if_blocked(None);
    }
    output
}

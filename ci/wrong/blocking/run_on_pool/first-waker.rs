//! Keeps the waker of the first poll. Caught by `run_on_pool::wakes_the_task_that_has_polled_last`, which says "the waker of an earlier poll is kept".

use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

struct Slot<T> {
    outcome: Option<Result<T, PoolError>>,
    waker: Option<Waker>,
}

struct Finish<T> {
    slot: Arc<Mutex<Slot<T>>>,
    stop: CancellationToken,
}

impl<T> Finish<T> {
    fn set(&self, outcome: Result<T, PoolError>) {
        let mut unwanted = None;
        let waker = {
            let mut slot = self.slot.lock().expect("nothing panics under the lock");
            if self.stop.is_cancelled() {
                unwanted = Some(outcome);
            } else if slot.outcome.is_none() {
                slot.outcome = Some(outcome);
            }
            slot.waker.take()
        };
        drop(unwanted);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Drop for Finish<T> {
    fn drop(&mut self) {
        self.set(Err(PoolError::Discarded));
    }
}

struct StopOnDrop<T> {
    slot: Arc<Mutex<Slot<T>>>,
    stop: CancellationToken,
}

impl<T> Drop for StopOnDrop<T> {
    fn drop(&mut self) {
        self.stop.cancel();
        let outcome = {
            let mut slot = self.slot.lock().expect("nothing panics under the lock");
            slot.waker = None;
            slot.outcome.take()
        };
        drop(outcome);
    }
}

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let slot = Arc::new(Mutex::new(Slot {
        outcome: None,
        waker: None,
    }));
    let guard = StopOnDrop {
        slot: slot.clone(),
        stop: stop.clone(),
    };
    let finish = Finish { slot, stop };
    spawn(Box::new(move || {
        if finish.stop.is_cancelled() {
            return;
        }
        let stop = finish.stop.clone();
        let result = catch_unwind(AssertUnwindSafe(move || work(&stop)));
        finish.set(result.map_err(PoolError::Panicked));
    }));
    std::future::poll_fn(|cx| {
        let waker = cx.waker().clone();
        let mut slot = guard.slot.lock().expect("nothing panics under the lock");
        if let Some(outcome) = slot.outcome.take() {
            return Poll::Ready(outcome);
        }
        let old = slot.waker.is_some().then_some(waker.clone());
        slot.waker.get_or_insert(waker);
        drop(slot);
        drop(old);
        Poll::Pending
    })
    .await
}

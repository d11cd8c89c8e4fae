//! Only the waker of the first poll is used. Caught by `Drain::drained_wakes_the_latest_waker`, which says "first poll".

use std::pin::pin;
use std::task::{Context, Waker};

impl Shared {
    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Requests)) {
        change(&mut self.requests());
        self.changed.notify_waiters();
    }

    async fn wait_until(&self, is_over: impl Fn(&Requests) -> bool) {
        let mut first = None;
        loop {
            // Made before the look at the state, it is woken by whatever changes after that.
            let changed = self.changed.notified();
            if is_over(&self.requests()) {
                return;
            }
            with_the_first(&mut first, changed).await;
        }
    }
}

async fn with_the_first<F: Future>(first: &mut Option<Waker>, future: F) -> F::Output {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        let waker = first.get_or_insert_with(|| cx.waker().clone());
        future.as_mut().poll(&mut Context::from_waker(waker))
    })
    .await
}

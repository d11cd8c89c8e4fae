//! Wakers are stored, and stay when a waiter is dropped. Caught by `Drain::a_dropped_waiter_leaves_no_waker`, which says "nothing removes the waker".

use std::task::{Poll, Waker};

#[derive(Default)]
struct Shared {
    requests: Mutex<Requests>,
    wakers: Mutex<Vec<Waker>>,
}

impl Shared {
    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Requests)) {
        change(&mut self.requests());
        let mut wakers = self.wakers.lock().unwrap_or_else(PoisonError::into_inner);
        let woken = std::mem::take(&mut *wakers);
        drop(wakers);
        woken.into_iter().for_each(Waker::wake);
    }

    async fn wait_until(&self, is_over: impl Fn(&Requests) -> bool) {
        std::future::poll_fn(|cx| {
            let mut wakers = self.wakers.lock().unwrap_or_else(PoisonError::into_inner);
            if is_over(&self.requests()) {
                return Poll::Ready(());
            }
            if !wakers.iter().any(|waker| waker.will_wake(cx.waker())) {
                wakers.push(cx.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }
}

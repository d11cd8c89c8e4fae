//! The future keeps the turn until it is dropped. Caught by `TokenBucket::a_finished_call_keeps_no_turn`, which says "still has the turn".

use std::future::poll_fn;
use std::task::{Poll, ready};

impl TokenBucket {
    pub fn new(burst: u32, every: Duration) -> Self {
        Self {
            every,
            first_before_full: every * burst.saturating_sub(1),
            full_at: tokio::sync::Mutex::new(Instant::now()),
        }
    }

    pub fn take(&self) -> impl Future<Output = ()> {
        let mut taking = Box::pin(async {
            let arrived = Instant::now();
            let mut full_at = self.full_at.lock().await;
            let full_before = (*full_at).max(arrived);
            let wait = full_before
                .saturating_duration_since(Instant::now())
                .saturating_sub(self.first_before_full);
            if !wait.is_zero() {
                sleep_until(Instant::now() + wait).await;
            }
            *full_at = full_before + self.every;
            full_at
        });
        let mut kept = None;
        poll_fn(move |cx| {
            kept = Some(ready!(taking.as_mut().poll(cx)));
            Poll::Ready(())
        })
    }
}

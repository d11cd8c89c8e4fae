//! The future keeps the permit of the last look-up until it is dropped. Caught by `LookupLimiter::a_finished_call_keeps_no_room`, which says "kept in the future until that is dropped".

use std::future::poll_fn;
use std::task::{Poll, ready};

impl LookupLimiter {
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        if limit == 0 {
            return Err(ZeroLimit);
        }
        let permits = Semaphore::new(limit);
        Ok(Self { permits })
    }

    pub fn look_up_all<T>(
        &self,
        ids: &[u32],
        look_up: impl AsyncFn(u32) -> T,
    ) -> impl Future<Output = Vec<T>> {
        let last = ids.len().saturating_sub(1);
        let mut look_ups = Box::pin(async move {
            join_all(ids.iter().enumerate().map(async |(index, id)| {
                let permit = self.permits.acquire().await.expect(NEVER_CLOSED);
                let result = look_up(*id).await;
                (result, (index == last).then_some(permit))
            }))
            .await
        });
        let mut kept = Vec::new();
        poll_fn(move |cx| {
            let (results, permits) = ready!(look_ups.as_mut().poll(cx)).into_iter().unzip();
            kept = permits;
            Poll::Ready(results)
        })
    }
}

//! A call that has look-ups of its own waits for one of those to end, and not for room. Caught by `LookupLimiter::each_end_makes_room_for_a_call_that_has_look_ups`, which says "and not for room".

use futures::StreamExt;
use futures::stream::FuturesUnordered;

impl LookupLimiter {
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        if limit == 0 {
            return Err(ZeroLimit);
        }
        let permits = Semaphore::new(limit);
        Ok(Self { permits })
    }

    pub async fn look_up_all<T>(&self, ids: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        let (mut running, look_up) = (FuturesUnordered::new(), &look_up);
        let mut results: Vec<Option<T>> = ids.iter().map(|_| None).collect();
        for (index, id) in ids.iter().enumerate() {
            let permit = loop {
                if let Ok(permit) = self.permits.try_acquire() {
                    break permit;
                }
                match running.next().await {
                    Some((index, result)) => results[index] = Some(result),
                    None => break self.permits.acquire().await.expect(NEVER_CLOSED),
                }
            };
            running.push(async move {
                let _permit = permit;
                (index, look_up(*id).await)
            });
        }
        while let Some((index, result)) = running.next().await {
            results[index] = Some(result);
        }
        results.into_iter().flatten().collect()
    }
}

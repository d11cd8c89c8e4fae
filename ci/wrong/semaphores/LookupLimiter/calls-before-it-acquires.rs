//! `look_up` is called for all ids, and only what it returns waits for a permit. Caught by `LookupLimiter::reaches_the_limit_and_never_exceeds_it`, which says "is called before a permit is acquired".

pub struct LookupLimiter {
    permits: Semaphore,
}

impl LookupLimiter {
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        if limit == 0 {
            return Err(ZeroLimit);
        }
        Ok(Self { permits: Semaphore::new(limit) })
    }

    pub async fn look_up_all<T>(&self, ids: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        let calls: Vec<_> = ids.iter().map(|id| look_up(*id)).collect();
        join_all(calls.into_iter().map(async |call| {
            let _permit = self.permits.acquire().await.unwrap();
            call.await
        }))
        .await
    }
}

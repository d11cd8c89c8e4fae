//! The permit is bound to `_`, so it is released at once. Caught by `LookupLimiter::reaches_the_limit_and_never_exceeds_it`, which says "released before its look-up ends".

pub struct LookupLimiter {
    permits: Semaphore,
}

impl LookupLimiter {
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        if limit == 0 {
            return Err(ZeroLimit);
        }
        let permits = Semaphore::new(limit);
        Ok(Self { permits })
    }

    pub async fn look_up_all<T>(&self, ids: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        join_all(ids.iter().map(async |id| {
            let _ = self.permits.acquire().await;
            look_up(*id).await
        }))
        .await
    }
}

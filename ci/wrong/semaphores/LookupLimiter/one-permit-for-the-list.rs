//! One permit for the whole list, and the look-ups one after the other. Caught by `LookupLimiter::reaches_the_limit_and_never_exceeds_it`, which says "a look-up waits for another one".

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
        let _permit = self.permits.acquire().await.unwrap();
        let mut results = Vec::new();
        for id in ids {
            results.push(look_up(*id).await);
        }
        results
    }
}

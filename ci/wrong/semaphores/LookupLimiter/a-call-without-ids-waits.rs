//! Waits for room before it looks at the ids, also if there are none. Caught by `LookupLimiter::waits_for_its_look_ups_and_nothing_else`, which says "before a look-up needs it".

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
        drop(self.permits.acquire().await);
        join_all(ids.iter().map(async |id| {
            let _permit = self.permits.acquire().await.expect(NEVER_CLOSED);
            look_up(*id).await
        }))
        .await
    }
}

//! The limit is kept in a `u8`, so a higher limit is not reached. Caught by `LookupLimiter::reaches_the_limit_and_never_exceeds_it`, which says "although there are permits".

pub struct LookupLimiter {
    permits: Semaphore,
}

impl LookupLimiter {
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        if limit == 0 {
            return Err(ZeroLimit);
        }
        let permits = Semaphore::new(usize::from(u8::try_from(limit).unwrap_or(u8::MAX)));
        Ok(Self { permits })
    }

    pub async fn look_up_all<T>(&self, ids: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        join_all(ids.iter().map(async |id| {
            let _permit = self.permits.acquire().await.unwrap();
            look_up(*id).await
        }))
        .await
    }
}

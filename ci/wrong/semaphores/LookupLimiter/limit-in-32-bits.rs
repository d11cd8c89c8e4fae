//! The limit is kept in a `u32`, so a limit of 2^32 is one of 0. Caught by `LookupLimiter::a_limit_may_be_any_number`, which says "Hangs".

pub struct LookupLimiter {
    permits: Semaphore,
}

impl LookupLimiter {
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        if limit == 0 {
            return Err(ZeroLimit);
        }
        let permits = Semaphore::new(limit as u32 as usize);
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

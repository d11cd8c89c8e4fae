//! A limit of 0 is passed on to the semaphore, which waits forever. Caught by `LookupLimiter::a_limit_of_zero_is_an_error`, which says "it returned a limiter".

pub struct LookupLimiter {
    permits: Semaphore,
}

impl LookupLimiter {
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        let permits = Semaphore::new(limit);
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

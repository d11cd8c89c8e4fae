//! Each call has a stream with a limit of its own. Caught by `LookupLimiter::two_calls_share_the_limit`, which says "each call has a limit of its own".

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
        use futures::StreamExt;
        let limit = self.permits.available_permits();
        futures::stream::iter(ids.iter().enumerate())
            .map(async |(index, id)| (index, look_up(*id).await))
            .buffer_unordered(limit)
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .map(|(_, result)| result)
            .collect()
    }
}

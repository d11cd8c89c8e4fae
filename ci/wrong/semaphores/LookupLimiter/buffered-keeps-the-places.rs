//! A stream keeps the place of a look-up that has ended until those before it have. Caught by `LookupLimiter::a_look_up_starts_as_soon_as_there_is_room`, which says "for those before it in the list".

pub struct LookupLimiter {
    permits: Semaphore,
    limit: usize,
}

impl LookupLimiter {
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        if limit == 0 {
            return Err(ZeroLimit);
        }
        let permits = Semaphore::new(limit);
        Ok(Self { permits, limit })
    }

    pub async fn look_up_all<T>(&self, ids: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        use futures::StreamExt;

        let look_ups = ids.iter().map(async |id| {
            let _permit = self.permits.acquire().await.expect(NEVER_CLOSED);
            look_up(*id).await
        });
        futures::stream::iter(look_ups)
            .buffered(self.limit)
            .collect()
            .await
    }
}

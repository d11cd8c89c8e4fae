//! A stream with the limit in it, for each call anew. Caught by `Tracker::two_calls_share_the_limit`, which says "each call has a limit of its own".

pub struct Tracker {
    permits: Semaphore,
}

impl Tracker {
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        if limit == 0 {
            return Err(ZeroLimit);
        }
        let permits = Semaphore::new(limit);
        Ok(Self { permits })
    }

    pub async fn look_up_all<T>(&self, parcels: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        use futures::StreamExt;
        let limit = self.permits.available_permits();
        futures::stream::iter(parcels.iter().enumerate())
            .map(async |(place, parcel)| (place, look_up(*parcel).await))
            .buffer_unordered(limit)
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .map(|(_, found)| found)
            .collect()
    }
}

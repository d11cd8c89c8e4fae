//! The permit is taken into `_`, which drops it at once. Caught by `Tracker::reaches_the_limit_and_never_passes_it`, which says "dropped before the look-up ends".

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
        join_all(parcels.iter().map(async |parcel| {
            let _ = self.permits.acquire().await;
            look_up(*parcel).await
        }))
        .await
    }
}

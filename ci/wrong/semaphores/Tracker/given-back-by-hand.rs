//! The permit is forgotten, and given back by a line at the end. Caught by `Tracker::places_come_back_when_it_is_dropped`, which says "taken out of its guard".

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
            self.permits.acquire().await.unwrap().forget();
            let found = look_up(*parcel).await;
            self.permits.add_permits(1);
            found
        }))
        .await
    }
}

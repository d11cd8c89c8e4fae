//! One permit for the whole list, and the look-ups one after the other. Caught by `Tracker::reaches_the_limit_and_never_passes_it`, which says "one look-up waits for another".

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
        let _permit = self.permits.acquire().await.unwrap();
        let mut found = Vec::new();
        for parcel in parcels {
            found.push(look_up(*parcel).await);
        }
        found
    }
}

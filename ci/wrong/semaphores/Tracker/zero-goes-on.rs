//! A limit of 0 goes on to the semaphore, which waits for ever with it. Caught by `Tracker::a_limit_of_zero_is_an_error`, which says "it made a tracker".

pub struct Tracker {
    permits: Semaphore,
}

impl Tracker {
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        let permits = Semaphore::new(limit);
        Ok(Self { permits })
    }

    pub async fn look_up_all<T>(&self, parcels: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        join_all(parcels.iter().map(async |parcel| {
            let _permit = self.permits.acquire().await.unwrap();
            look_up(*parcel).await
        }))
        .await
    }
}

//! The list is divided into chunks, and each waits for its slowest. Caught by `Tracker::a_place_is_taken_as_soon_as_it_is_free`, which says "the slowest of a chunk".

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
        let limit = self.permits.available_permits();
        let mut found = Vec::new();
        for chunk in parcels.chunks(limit) {
            let chunk = chunk.iter().map(async |parcel| look_up(*parcel).await);
            found.extend(join_all(chunk).await);
        }
        found
    }
}

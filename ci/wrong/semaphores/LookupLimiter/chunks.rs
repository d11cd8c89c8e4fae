//! The list is divided into chunks, each of which waits for its slowest look-up. Caught by `LookupLimiter::a_look_up_starts_as_soon_as_there_is_room`, which says "the slowest of a chunk".

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
        let limit = self.permits.available_permits();
        let mut results = Vec::new();
        for chunk in ids.chunks(limit) {
            let chunk = chunk.iter().map(async |id| look_up(*id).await);
            results.extend(join_all(chunk).await);
        }
        results
    }
}

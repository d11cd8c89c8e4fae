//! The permit is forgotten, and a line after the look-up adds a new one. Caught by `LookupLimiter::releases_its_permits_when_dropped`, which says "does not run then".

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
        join_all(ids.iter().map(async |id| {
            self.permits.acquire().await.unwrap().forget();
            let result = look_up(*id).await;
            self.permits.add_permits(1);
            result
        }))
        .await
    }
}

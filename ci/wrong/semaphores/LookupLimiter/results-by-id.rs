//! The results are collected in a map by id, so they are sorted, and an id that occurs twice has one. Caught by `LookupLimiter::keeps_the_order_of_ids`, which says "equal ids share a look-up".

use std::collections::BTreeMap;

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
        let look_ups = ids.iter().map(async |id| {
            let _permit = self.permits.acquire().await.unwrap();
            (*id, look_up(*id).await)
        });
        let results: BTreeMap<u32, T> = join_all(look_ups).await.into_iter().collect();
        results.into_values().collect()
    }
}

//! Looks for room again and again instead of waiting to be woken. Caught by `LookupLimiter::waits_for_its_look_ups_and_nothing_else`, which says "sleeps for a short time".

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
            let _permit = loop {
                match self.permits.try_acquire() {
                    Ok(permit) => break permit,
                    Err(_) => sleep(Duration::from_millis(1)).await,
                }
            };
            look_up(*id).await
        }))
        .await
    }
}

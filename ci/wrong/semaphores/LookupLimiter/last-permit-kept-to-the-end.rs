//! The permit of the last look-up is kept until all have ended. Caught by `LookupLimiter::each_end_makes_room_for_another_call`, which says "kept after its look-up has ended".

pub struct LookupLimiter {
    permits: Semaphore,
}

impl LookupLimiter {
    pub fn new(limit: usize) -> Result<Self, ZeroLimit> {
        if limit == 0 {
            return Err(ZeroLimit);
        }
        Ok(Self { permits: Semaphore::new(limit) })
    }

    pub async fn look_up_all<T>(&self, ids: &[u32], look_up: impl AsyncFn(u32) -> T) -> Vec<T> {
        // The last look-ups keep their permits until all are done.
        let last = ids.len().saturating_sub(1);
        let all = join_all(ids.iter().enumerate().map(async |(n, id)| {
            let permit = self.permits.acquire().await.unwrap();
            let value = look_up(*id).await;
            let kept = (n == last).then_some(permit);
            (value, kept)
        }))
        .await;
        all.into_iter().map(|(value, _)| value).collect()
    }
}

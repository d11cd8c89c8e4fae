//! It waits for a permit, so no call is ever refused. Caught by `Bulkhead::refuses_at_once_when_full`, which says "that it waits for a permit".

pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size);
        Self { permits }
    }

    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        let _permit = self.permits.acquire().await.map_err(|_| Full)?;
        Ok(call.await)
    }
}

//! It waits for a permit with a timeout of zero. Caught by `Bulkhead::refuses_at_its_first_poll`, which says "waits in the queue".

pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size);
        Self { permits }
    }

    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        let waiting = tokio::time::timeout(Duration::ZERO, self.permits.acquire());
        let _permit = waiting.await.map_err(|_| Full)?;
        Ok(call.await)
    }
}

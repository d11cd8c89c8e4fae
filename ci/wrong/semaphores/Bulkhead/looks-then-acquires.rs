//! It looks for a free permit, and then waits for one: whoever comes in between has it. Caught by `Bulkhead::begins_at_its_first_poll`, which says "one line looks for room and another one takes it".

pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size);
        Self { permits }
    }

    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        if self.permits.available_permits() == 0 {
            return Err(Full);
        }
        let _permit = self.permits.acquire().await.map_err(|_| Full)?;
        Ok(call.await)
    }
}

//! It checks for a free permit and then waits for one, which another caller may have taken in between. Caught by `Bulkhead::runs_the_call_at_its_first_poll`, which says "one line checks for room and another one acquires it".

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

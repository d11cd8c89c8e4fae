//! It lets other tasks run before it releases the permit and returns. Caught by `Bulkhead::returns_as_soon_as_its_call_ends`, which says "waits for something else".

pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        Self { permits: Semaphore::new(size) }
    }

    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        let permit = self.permits.try_acquire().map_err(|_| Full)?;
        let output = call.await;
        tokio::task::yield_now().await;
        drop(permit);
        Ok(output)
    }
}

//! The permit is forgotten, and a line after the call adds a new one. Caught by `Bulkhead::releases_its_permit_when_dropped`, which says "does not run then".

pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size);
        Self { permits }
    }

    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        self.permits.try_acquire().map_err(|_| Full)?.forget();
        let output = call.await;
        self.permits.add_permits(1);
        Ok(output)
    }
}

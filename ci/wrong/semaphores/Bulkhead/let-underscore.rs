//! The permit is bound to `_`, so it is released before the call starts. Caught by `Bulkhead::reaches_its_size_and_never_exceeds_it`, which says "released before its call ends".

pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size);
        Self { permits }
    }

    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        let _ = self.permits.try_acquire().map_err(|_| Full)?;
        Ok(call.await)
    }
}

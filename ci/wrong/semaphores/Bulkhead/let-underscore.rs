//! Whether there was room is asked, and the permit is dropped. Caught by `Bulkhead::reaches_its_size_and_never_passes_it`, which says "dropped before its call ends".

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

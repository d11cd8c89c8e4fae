//! A size of 0 is taken for 1, as if a bulkhead without room were a mistake. Caught by `Bulkhead::reaches_its_size_and_never_exceeds_it`, which says "With room for 0".

pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size.max(1));
        Self { permits }
    }

    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        let _permit = self.permits.try_acquire().map_err(|_| Full)?;
        Ok(call.await)
    }
}

//! Keeps the size in two bytes. Caught by `Bulkhead::a_size_may_be_any_number`, which says "a type that is too small".

#[derive(Debug)]
pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(usize::from(size as u16));
        Self { permits }
    }

    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        let _permit = self.permits.try_acquire().map_err(|_| Full)?;
        Ok(call.await)
    }
}

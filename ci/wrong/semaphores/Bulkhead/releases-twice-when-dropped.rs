//! A destructor adds the permit of a call that was dropped, and the guard releases it too. Caught by `Bulkhead::releases_its_permit_when_dropped`, which says "released twice".

pub struct Bulkhead {
    permits: Semaphore,
}

struct AddsPermit<'a>(&'a Semaphore);

impl Drop for AddsPermit<'_> {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size);
        Self { permits }
    }

    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        let _permit = self.permits.try_acquire().map_err(|_| Full)?;
        let if_dropped = AddsPermit(&self.permits);
        let output = call.await;
        std::mem::forget(if_dropped);
        Ok(output)
    }
}

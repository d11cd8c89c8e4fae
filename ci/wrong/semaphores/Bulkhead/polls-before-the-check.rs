//! The call is polled before the check whether there is room. Caught by `Bulkhead::refuses_at_once_when_full`, which says "started before the check".

pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size);
        Self { permits }
    }

    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        let mut call = Box::pin(call);
        if let std::task::Poll::Ready(output) = futures::poll!(&mut call) {
            if self.permits.available_permits() == 0 {
                return Err(Full);
            }
            return Ok(output);
        }
        let _permit = self.permits.try_acquire().map_err(|_| Full)?;
        Ok(call.await)
    }
}

//! The permit is acquired when the future is created. Caught by `Bulkhead::has_room_until_a_first_poll`, which says "where the future is created".

pub struct Bulkhead {
    permits: Semaphore,
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        Self { permits: Semaphore::new(size) }
    }

    pub fn run<F: Future>(&self, call: F) -> impl Future<Output = Result<F::Output, Full>> {
        let permit = self.permits.try_acquire();
        async move {
            match permit {
                Ok(_permit) => Ok(call.await),
                Err(_) => Err(Full),
            }
        }
    }
}

//! The future keeps a refused call until it is dropped. Caught by `Bulkhead::a_finished_call_keeps_nothing`, which says "the call is kept in a field of the future".

use std::future::poll_fn;
use std::task::{Poll, ready};

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size);
        Self { permits }
    }

    pub fn run<F: Future>(&self, call: F) -> impl Future<Output = Result<F::Output, Full>> {
        let (mut call, mut permit) = (Box::pin(call), None);
        poll_fn(move |cx| {
            if permit.is_none() {
                permit = Some(self.permits.try_acquire().map_err(|_| Full)?);
            }
            let output = ready!(call.as_mut().poll(cx));
            permit = None;
            Poll::Ready(Ok(output))
        })
    }
}

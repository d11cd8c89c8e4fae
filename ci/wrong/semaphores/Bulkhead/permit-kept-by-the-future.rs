//! The future keeps its permit until it is dropped. Caught by `Bulkhead::a_finished_call_keeps_nothing`, which says "the permit is kept in a field of the future".

use std::future::poll_fn;
use std::task::{Poll, ready};

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        let permits = Semaphore::new(size);
        Self { permits }
    }

    pub fn run<F: Future>(&self, call: F) -> impl Future<Output = Result<F::Output, Full>> {
        let (mut call, mut permit) = (Some(Box::pin(call)), None);
        poll_fn(move |cx| {
            if permit.is_none() {
                match self.permits.try_acquire() {
                    Ok(acquired) => permit = Some(acquired),
                    Err(_) => {
                        call = None;
                        return Poll::Ready(Err(Full));
                    }
                }
            }
            let running = call.as_mut().expect("it has not ended");
            let output = ready!(running.as_mut().poll(cx));
            call = None;
            Poll::Ready(Ok(output))
        })
    }
}

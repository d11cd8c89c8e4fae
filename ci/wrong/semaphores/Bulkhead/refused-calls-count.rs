//! A call that is refused is counted as running, and is not uncounted. Caught by `Bulkhead::a_refused_call_takes_no_room`, which says "is not uncounted".

#[derive(Debug)]
pub struct Bulkhead {
    size: usize,
    running: std::sync::atomic::AtomicUsize,
}

impl Bulkhead {
    pub fn new(size: usize) -> Self {
        Self {
            size,
            running: std::sync::atomic::AtomicUsize::new(0),
        }
    }

    pub async fn run<F: Future>(&self, call: F) -> Result<F::Output, Full> {
        if self
            .running
            .fetch_add(1, std::sync::atomic::Ordering::SeqCst)
            >= self.size
        {
            return Err(Full);
        }
        let _place = Place(&self.running);
        Ok(call.await)
    }
}

struct Place<'a>(&'a std::sync::atomic::AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
    }
}

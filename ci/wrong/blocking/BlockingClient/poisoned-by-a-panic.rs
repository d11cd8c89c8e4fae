//! Counts the calls under a lock that is held too long, so a panic of one request breaks all others. Caught by `BlockingClient::a_panic_of_a_request_reaches_the_caller`, which says "each `lock()` from then on returns an `Err`".

use std::sync::Mutex;

pub struct BlockingClient<C> {
    client: C,
    runtime: Option<Runtime>,
    count: Mutex<u64>,
}

impl<C> BlockingClient<C> {
    pub fn connect(connect: impl Future<Output = C>) -> Result<Self, InsideRuntime> {
        InsideRuntime::check()?;
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        Ok(Self {
            client: runtime.block_on(connect),
            runtime: Some(runtime),
            count: Mutex::new(0),
        })
    }

    pub fn call<T>(&self, request: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        InsideRuntime::check()?;
        let runtime = self.runtime.as_ref().unwrap();
        let mut count = self.count.lock().unwrap();
        *count += 1;
        Ok(runtime.block_on(request(&self.client)))
    }
}

impl<C> Drop for BlockingClient<C> {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

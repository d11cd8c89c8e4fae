//! Holds a lock during a call, so calls of several threads wait for each other. Caught by `BlockingClient::calls_of_several_threads_overlap`, which says "a lock is held during a call".

use std::sync::{Mutex, PoisonError};

pub struct BlockingClient<C> {
    client: C,
    runtime: Mutex<Option<Runtime>>,
}

impl<C> BlockingClient<C> {
    pub fn connect(connect: impl Future<Output = C>) -> Result<Self, InsideRuntime> {
        InsideRuntime::check()?;
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        Ok(Self {
            client: runtime.block_on(connect),
            runtime: Mutex::new(Some(runtime)),
        })
    }

    pub fn call<T>(&self, request: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        InsideRuntime::check()?;
        let runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(runtime.as_ref().unwrap().block_on(request(&self.client)))
    }
}

impl<C> Drop for BlockingClient<C> {
    fn drop(&mut self) {
        let runtime = self
            .runtime
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = runtime.take() {
            runtime.shutdown_background();
        }
    }
}

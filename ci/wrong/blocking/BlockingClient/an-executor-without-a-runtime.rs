//! Polls the request outside of the runtime, where timers and `spawn` panic. Caught by `BlockingClient::returns_what_the_requests_return`, which says "an executor of another crate polls it".

pub struct BlockingClient<C> {
    client: C,
    runtime: Option<Runtime>,
}

impl<C> BlockingClient<C> {
    pub fn connect(connect: impl Future<Output = C>) -> Result<Self, InsideRuntime> {
        InsideRuntime::check()?;
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        Ok(Self {
            client: runtime.block_on(connect),
            runtime: Some(runtime),
        })
    }

    pub fn call<T>(&self, request: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        InsideRuntime::check()?;
        Ok(futures::executor::block_on(request(&self.client)))
    }
}

impl<C> Drop for BlockingClient<C> {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

//! Leaks the runtime, so that dropping it neither panics nor waits. Its tasks run on. Caught by `BlockingClient::dropping_it_drops_its_tasks`, which says "the runtime lives on".

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
        let runtime = self.runtime.as_ref().unwrap();
        Ok(runtime.block_on(request(&self.client)))
    }
}

impl<C> Drop for BlockingClient<C> {
    fn drop(&mut self) {
        std::mem::forget(self.runtime.take());
    }
}

//! Leaves the runtime to its own `Drop`, which waits, and panics inside another runtime. Caught by `BlockingClient::dropping_it_never_panics_or_waits`, which says "a `Runtime` is dropped in async code".

pub struct BlockingClient<C> {
    client: C,
    runtime: Runtime,
}

impl<C> BlockingClient<C> {
    pub fn connect(connect: impl Future<Output = C>) -> Result<Self, InsideRuntime> {
        InsideRuntime::check()?;
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        Ok(Self {
            client: runtime.block_on(connect),
            runtime,
        })
    }

    pub fn call<T>(&self, request: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        InsideRuntime::check()?;
        let runtime = &self.runtime;
        Ok(runtime.block_on(request(&self.client)))
    }
}

impl<C> Drop for BlockingClient<C> {
    fn drop(&mut self) {}
}

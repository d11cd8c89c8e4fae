//! Has one thread for blocking closures, so requests that use them wait for each other. Caught by `BlockingClient::calls_of_several_threads_overlap`, which says "too few threads for closures".

/// An async client for synchronous callers.
pub struct BlockingClient<C> {
    client: C,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl<C> BlockingClient<C> {
    /// Awaits `connect` in a runtime of its own.
    pub fn connect(connect: impl Future<Output = C>) -> Result<Self, InsideRuntime> {
        InsideRuntime::check()?;
        // A `current_thread` runtime would poll the client's tasks only during a call.
        let mut builder = Builder::new_multi_thread();
        let runtime = builder
            .worker_threads(1)
            .max_blocking_threads(1)
            .enable_all()
            .build();
        let runtime = runtime.expect("the system should have room for one more thread");
        Ok(Self {
            client: runtime.block_on(connect),
            runtime: Some(runtime),
        })
    }

    /// Awaits `request` in the client's runtime.
    pub fn call<T>(&self, request: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        InsideRuntime::check()?;
        let runtime = self.runtime.as_ref().expect("it is not being dropped");
        Ok(runtime.block_on(request(&self.client)))
    }
}

impl<C> Drop for BlockingClient<C> {
    /// Dropping a `Runtime` waits, and panics inside another runtime.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

//! Uses an executor that refuses to run inside another one, although no runtime of tokio is there. Caught by `BlockingClient::another_executor_is_no_runtime`, which says "from within another executor".

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
        let runtime = builder.worker_threads(1).enable_all().build();
        let runtime = runtime.expect("the system should have room for one more thread");
        Ok(Self {
            client: {
                let _context = runtime.enter();
                futures::executor::block_on(connect)
            },
            runtime: Some(runtime),
        })
    }

    /// Awaits `request` in the client's runtime.
    pub fn call<T>(&self, request: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        InsideRuntime::check()?;
        let runtime = self.runtime.as_ref().expect("it is not being dropped");
        let _context = runtime.enter();
        Ok(futures::executor::block_on(request(&self.client)))
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

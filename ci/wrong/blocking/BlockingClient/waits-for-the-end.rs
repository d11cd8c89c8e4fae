//! Waits at its end until blocking closures have ended. Caught by `BlockingClient::dropping_it_never_panics_or_waits`, which says "waits until a runtime is shut down".

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
        if let Some(runtime) = self.runtime.take() {
            // A thread of its own may block, so this does not panic.
            let _ = thread::spawn(move || drop(runtime)).join();
        }
    }
}

//! Its runtime has no thread of its own, so the tasks of the client stand still between two calls. Caught by `BlockingClient::tasks_of_the_client_run_between_calls`, which says "polls tasks only during `block_on`".

pub struct BlockingClient<C> {
    client: C,
    runtime: Option<Runtime>,
}

impl<C> BlockingClient<C> {
    pub fn connect(connect: impl Future<Output = C>) -> Result<Self, InsideRuntime> {
        InsideRuntime::check()?;
        let mut builder = Builder::new_current_thread();
        let runtime = builder.enable_all().build().unwrap();
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
            runtime.shutdown_background();
        }
    }
}

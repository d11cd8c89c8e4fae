//! Makes a runtime for each call, and drops the one in which the client was made. Caught by `BlockingClient::tasks_of_the_client_run_between_calls`, which says "has been dropped".

pub struct BlockingClient<C> {
    client: C,
}

impl<C> BlockingClient<C> {
    pub fn connect(connect: impl Future<Output = C>) -> Result<Self, InsideRuntime> {
        InsideRuntime::check()?;
        let runtime = Runtime::new().unwrap();
        Ok(Self {
            client: runtime.block_on(connect),
        })
    }

    pub fn call<T>(&self, request: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        InsideRuntime::check()?;
        let runtime = Runtime::new().unwrap();
        Ok(runtime.block_on(request(&self.client)))
    }
}

impl<C> Drop for BlockingClient<C> {
    fn drop(&mut self) {}
}

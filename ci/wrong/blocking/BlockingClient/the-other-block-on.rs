//! Takes the `block_on` of another crate, which blocks the thread of a task instead of panicking. Caught by `BlockingClient::errors_inside_a_runtime`, which says "does not ask `Handle::try_current` first".

pub struct BlockingClient<C> {
    client: C,
    runtime: Option<Runtime>,
}

impl<C> BlockingClient<C> {
    pub fn connect(connect: impl Future<Output = C>) -> Result<Self, InsideRuntime> {
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        let entered = runtime.enter();
        let client = futures::executor::block_on(connect);
        drop(entered);
        Ok(Self {
            client,
            runtime: Some(runtime),
        })
    }

    pub fn call<T>(&self, request: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        let _entered = self.runtime.as_ref().unwrap().enter();
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

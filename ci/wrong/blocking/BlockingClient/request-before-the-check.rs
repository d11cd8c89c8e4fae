//! Calls the request and then asks whether it may block. Caught by `BlockingClient::errors_inside_a_runtime`, which says "without calling `request`".

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
        let waker = std::task::Waker::noop();
        let mut context = std::task::Context::from_waker(waker);
        let mut request = std::pin::pin!(request(&self.client));
        let entered = self.runtime.as_ref().unwrap().enter();
        let polled = request.as_mut().poll(&mut context);
        drop(entered);
        InsideRuntime::check()?;
        match polled {
            std::task::Poll::Ready(output) => Ok(output),
            std::task::Poll::Pending => Ok(self.runtime.as_ref().unwrap().block_on(request)),
        }
    }
}

impl<C> Drop for BlockingClient<C> {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

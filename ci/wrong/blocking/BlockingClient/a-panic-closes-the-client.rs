//! The first poll of each request holds a lock, which a panic poisons. Caught by `BlockingClient::a_panic_of_a_request_reaches_the_caller`, which says "each `lock()` from then on returns an `Err`".

pub struct BlockingClient<C> {
    starting: std::sync::Mutex<()>,
    client: C,
    runtime: Option<Runtime>,
}

impl<C> BlockingClient<C> {
    pub fn connect(connect: impl Future<Output = C>) -> Result<Self, InsideRuntime> {
        InsideRuntime::check()?;
        // A `current_thread` runtime would poll the client's tasks only during a call.
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build();
        let runtime = runtime.expect("the system should have room for one more thread");
        Ok(Self {
            starting: std::sync::Mutex::default(),
            client: runtime.block_on(connect),
            runtime: Some(runtime),
        })
    }

    pub fn call<T>(&self, request: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        InsideRuntime::check()?;
        let runtime = self.runtime.as_ref().expect("it is not being dropped");
        let turn = self.starting.lock().expect("no request panicked");
        let mut future = std::pin::pin!(request(&self.client));
        // The first poll is where a request takes its number.
        let first = runtime.block_on(std::future::poll_fn(|cx| {
            std::task::Poll::Ready(future.as_mut().poll(cx))
        }));
        drop(turn);
        Ok(match first {
            std::task::Poll::Ready(output) => output,
            std::task::Poll::Pending => runtime.block_on(future),
        })
    }
}

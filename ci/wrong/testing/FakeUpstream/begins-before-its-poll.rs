//! Takes its reply and is recorded when `fetch` is called, and not when its future is polled. Caught by `FakeUpstream::a_call_begins_at_its_first_poll`, which says "before it is polled".

impl FakeUpstream {
    pub fn new(script: Vec<Reply>) -> Self {
        Self {
            script: RefCell::new(script.into()),
            calls: RefCell::default(),
        }
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.borrow().clone()
    }
}

impl Upstream for FakeUpstream {
    fn fetch(&self, key: u32) -> impl Future<Output = Result<String, Refused>> {
        let reply = self.script.borrow_mut().pop_front();
        let reply = reply.unwrap_or_else(|| panic!("no reply left for key {key}"));
        let began = Instant::now();
        let call = Recorded::begin(&self.calls, key, began);
        async move {
            yield_now().await; // a call to an upstream is never ready at once
            sleep_until(began + reply.latency).await;
            call.replied();
            reply.result
        }
    }
}

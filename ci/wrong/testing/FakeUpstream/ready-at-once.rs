//! A call without latency is ready at its first poll. Caught by `FakeUpstream::is_pending_at_its_first_poll`, which says "it was ready".

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
    async fn fetch(&self, key: u32) -> Result<String, Refused> {
        let reply = self.script.borrow_mut().pop_front();
        let reply = reply.unwrap_or_else(|| panic!("no reply left for key {key}"));
        let began = Instant::now();
        let call = Recorded::begin(&self.calls, key, began);
        if !reply.latency.is_zero() {
            yield_now().await;
        }
        sleep_until(began + reply.latency).await;
        call.replied();
        reply.result
    }
}

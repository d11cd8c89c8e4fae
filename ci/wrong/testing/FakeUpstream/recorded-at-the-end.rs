//! Records a call when it returns. Caught by `FakeUpstream::is_pending_at_its_first_poll`, which says "recorded only when it returns".

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
        yield_now().await; // a call to an upstream is never ready at once
        sleep_until(began + reply.latency).await;
        Recorded::begin(&self.calls, key, began).replied();
        reply.result
    }
}

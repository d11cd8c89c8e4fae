//! Refuses a call that the script does not expect, so that its test may pass. Caught by `FakeUpstream::panics_at_the_end_of_its_script`, which says "Then the test passes".

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
        let Some(reply) = reply else {
            return Err(Refused);
        };
        let began = Instant::now();
        let call = Recorded::begin(&self.calls, key, began);
        yield_now().await; // a call to an upstream is never ready at once
        sleep_until(began + reply.latency).await;
        call.replied();
        reply.result
    }
}

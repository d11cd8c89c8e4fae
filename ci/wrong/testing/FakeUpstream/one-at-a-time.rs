//! Calls wait for each other: each waits until those before it have ended. Caught by `FakeUpstream::replies_and_records_as_the_script_says`, which says "a call waits for another one".

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
        while self.calls.borrow()[..call.index]
            .iter()
            .any(|call| call.end == End::Pending)
        {
            sleep(ms(1)).await;
        }
        yield_now().await; // a call to an upstream is never ready at once
        sleep_until(began + reply.latency).await;
        call.replied();
        reply.result
    }
}

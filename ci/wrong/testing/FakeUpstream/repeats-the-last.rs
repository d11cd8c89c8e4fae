//! Repeats the last reply when the script is over. Caught by `FakeUpstream::panics_at_the_end_of_its_script`, which says "Then the test passes".

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
        let reply = {
            let mut script = self.script.borrow_mut();
            match script.len() {
                1 => script.front().cloned(),
                _ => script.pop_front(),
            }
        };
        let reply = reply.unwrap_or_else(|| panic!("no reply left for key {key}"));
        let began = Instant::now();
        let call = Recorded::begin(&self.calls, key, began);
        yield_now().await; // a call to an upstream is never ready at once
        sleep_until(began + reply.latency).await;
        call.replied();
        reply.result
    }
}

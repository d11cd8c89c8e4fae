//! Records the end after the `.await` only, so that a dropped call is pending forever. Caught by `FakeUpstream::records_a_dropped_call`, which says "which never runs if the future is dropped".

use std::mem::ManuallyDrop;

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
        let call = ManuallyDrop::new(Recorded::begin(&self.calls, key, began));
        yield_now().await; // a call to an upstream is never ready at once
        sleep_until(began + reply.latency).await;
        call.end(End::Replied(Instant::now()));
        reply.result
    }
}

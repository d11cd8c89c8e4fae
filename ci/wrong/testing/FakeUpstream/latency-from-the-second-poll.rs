//! The latency counts from the second poll. Caught by `FakeUpstream::replies_at_its_instant_however_late_it_is_polled`, which says "counts from its second poll".

impl Upstream for FakeUpstream {
    async fn fetch(&self, key: u32) -> Result<String, Refused> {
        let reply = self.script.borrow_mut().pop_front();
        let reply = reply.unwrap_or_else(|| panic!("no reply left for key {key}"));
        let began = Instant::now();
        let call = Recorded::begin(&self.calls, key, began);
        yield_now().await; // a call to an upstream is never ready at once
        sleep(reply.latency).await;
        call.replied();
        reply.result
    }
}

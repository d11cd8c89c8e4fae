//! `reset` goes back to the base, also if the cap is shorter. Caught by `Backoff::reset_begins_again`, which says "first pause after `reset`".

impl<R: FnMut(u64) -> u64> Backoff<R> {
    pub fn new(base: Duration, cap: Duration, random: R) -> Self {
        Self {
            base,
            cap,
            ceiling: base.min(cap),
            random,
        }
    }

    pub async fn pause(&mut self) {
        let most = u64::try_from(self.ceiling.as_millis()).unwrap_or(u64::MAX);
        sleep(Duration::from_millis((self.random)(most))).await;
        self.ceiling = self.ceiling.saturating_mul(2).min(self.cap);
    }

    pub fn reset(&mut self) {
        self.ceiling = self.base;
    }
}

//! A pause counts when it begins. Caught by `Backoff::a_dropped_pause_does_not_count`, which says "doubled before the pause has ended".

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
        self.ceiling = self.ceiling.saturating_mul(2).min(self.cap);
        sleep(Duration::from_millis((self.random)(most))).await;
    }

    pub fn reset(&mut self) {
        self.ceiling = self.base.min(self.cap);
    }
}

//! A pause takes a day at most. Caught by `Backoff::a_pause_may_take_any_time`, which says "a long pause is cut".

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
        let drawn = Duration::from_millis((self.random)(most));
        sleep(drawn.min(Duration::from_secs(24 * 60 * 60))).await;
        self.ceiling = self.ceiling.saturating_mul(2).min(self.cap);
    }

    pub fn reset(&mut self) {
        self.ceiling = self.base.min(self.cap);
    }
}

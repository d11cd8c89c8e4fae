//! The number is cut to the cap, and not the ceiling. Caught by `Backoff::the_cap_holds_for_every_pause`, which says "applied to the number that was drawn".

impl<R: FnMut(u64) -> u64> Backoff<R> {
    pub fn new(base: Duration, cap: Duration, random: R) -> Self {
        Self {
            base,
            cap,
            ceiling: base,
            random,
        }
    }

    pub async fn pause(&mut self) {
        let most = u64::try_from(self.ceiling.as_millis()).unwrap_or(u64::MAX);
        let drawn = Duration::from_millis((self.random)(most));
        sleep(drawn.min(self.cap)).await;
        self.ceiling = self.ceiling.saturating_mul(2);
    }

    pub fn reset(&mut self) {
        self.ceiling = self.base;
    }
}

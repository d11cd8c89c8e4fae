//! The first ceiling is twice the base. Caught by `Backoff::draws_from_zero_to_the_ceiling`, which says "doubled before the first pause".

impl<R: FnMut(u64) -> u64> Backoff<R> {
    pub fn new(base: Duration, cap: Duration, random: R) -> Self {
        Self {
            base,
            cap,
            ceiling: base.saturating_mul(2).min(cap),
            random,
        }
    }

    pub async fn pause(&mut self) {
        let most = u64::try_from(self.ceiling.as_millis()).unwrap_or(u64::MAX);
        sleep(Duration::from_millis((self.random)(most))).await;
        self.ceiling = self.ceiling.saturating_mul(2).min(self.cap);
    }

    pub fn reset(&mut self) {
        self.ceiling = self.base.saturating_mul(2).min(self.cap);
    }
}

//! Each pause takes at least the base. Caught by `Backoff::draws_from_zero_to_the_ceiling`, which says "`base` is added".

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
        sleep(self.base + Duration::from_millis((self.random)(most))).await;
        self.ceiling = self.ceiling.saturating_mul(2).min(self.cap);
    }

    pub fn reset(&mut self) {
        self.ceiling = self.base.min(self.cap);
    }
}

//! The number is drawn when `pause` is called. Caught by `Backoff::a_dropped_pause_does_not_count`, which says "before its first poll".

impl<R: FnMut(u64) -> u64> Backoff<R> {
    pub fn new(base: Duration, cap: Duration, random: R) -> Self {
        Self {
            base,
            cap,
            ceiling: base.min(cap),
            random,
        }
    }

    pub fn pause(&mut self) -> impl Future<Output = ()> {
        let most = u64::try_from(self.ceiling.as_millis()).unwrap_or(u64::MAX);
        let drawn = (self.random)(most);
        async move {
            sleep(Duration::from_millis(drawn)).await;
            self.ceiling = self.ceiling.saturating_mul(2).min(self.cap);
        }
    }

    pub fn reset(&mut self) {
        self.ceiling = self.base.min(self.cap);
    }
}

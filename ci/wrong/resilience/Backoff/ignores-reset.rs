//! `reset` does nothing. Caught by `Backoff::reset_begins_again`, which says "`reset` changes nothing".

impl<R: FnMut(u64) -> u64> Backoff<R> {
    pub fn new(base: Duration, cap: Duration, random: R) -> Self {
        Self {
            _base: base,
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
        // The next pause goes on.
    }
}

pub struct Backoff<R> {
    _base: Duration,
    cap: Duration,
    ceiling: Duration,
    random: R,
}

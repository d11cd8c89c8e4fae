//! A pause that is dropped leaves its number to the next one. Caught by `Backoff::a_dropped_pause_does_not_count`, which says "kept when its pause is dropped".

pub struct Backoff<R> {
    base: Duration,
    cap: Duration,
    ceiling: Duration,
    random: R,
    drawn: Option<u64>,
}

impl<R: FnMut(u64) -> u64> Backoff<R> {
    pub fn new(base: Duration, cap: Duration, random: R) -> Self {
        Self {
            base,
            cap,
            ceiling: base.min(cap),
            random,
            drawn: None,
        }
    }

    pub async fn pause(&mut self) {
        let most = u64::try_from(self.ceiling.as_millis()).unwrap_or(u64::MAX);
        let drawn = self.drawn.unwrap_or_else(|| (self.random)(most));
        self.drawn = Some(drawn);
        sleep(Duration::from_millis(drawn)).await;
        self.drawn = None;
        self.ceiling = self.ceiling.saturating_mul(2).min(self.cap);
    }

    pub fn reset(&mut self) {
        self.ceiling = self.base.min(self.cap);
    }
}

//! Nothing is drawn. Caught by `Backoff::draws_from_zero_to_the_ceiling`, which says "nothing is drawn".

impl<R: FnMut(u64) -> u64> Backoff<R> {
    pub fn new(base: Duration, cap: Duration, random: R) -> Self {
        Self {
            base,
            cap,
            ceiling: base.min(cap),
            _random: random,
        }
    }

    pub async fn pause(&mut self) {
        sleep(self.ceiling).await;
        self.ceiling = self.ceiling.saturating_mul(2).min(self.cap);
    }

    pub fn reset(&mut self) {
        self.ceiling = self.base.min(self.cap);
    }
}

pub struct Backoff<R> {
    base: Duration,
    cap: Duration,
    ceiling: Duration,
    _random: R,
}

//! The factor is a power of two in 32 bits. Caught by `Backoff::never_overflows`, which says "overflow".

pub struct Backoff<R> {
    base: Duration,
    cap: Duration,
    retries: u32,
    random: R,
}

impl<R: FnMut(u64) -> u64> Backoff<R> {
    pub fn new(base: Duration, cap: Duration, random: R) -> Self {
        Self {
            base,
            cap,
            retries: 0,
            random,
        }
    }

    pub async fn pause(&mut self) {
        let ceiling = self
            .base
            .saturating_mul(2_u32.pow(self.retries))
            .min(self.cap);
        let most = u64::try_from(ceiling.as_millis()).unwrap_or(u64::MAX);
        sleep(Duration::from_millis((self.random)(most))).await;
        self.retries += 1;
    }

    pub fn reset(&mut self) {
        self.retries = 0;
    }
}

//! The ceiling is three times the pause before. Caught by `Backoff::draws_from_zero_to_the_ceiling`, which says "follows from the pause before".

pub struct Backoff<R> {
    base: Duration,
    cap: Duration,
    last: Option<Duration>,
    random: R,
}

impl<R: FnMut(u64) -> u64> Backoff<R> {
    pub fn new(base: Duration, cap: Duration, random: R) -> Self {
        Self {
            base,
            cap,
            last: None,
            random,
        }
    }

    pub async fn pause(&mut self) {
        let ceiling = self.last.map_or(self.base, |last| 3 * last).min(self.cap);
        let most = u64::try_from(ceiling.as_millis()).unwrap_or(u64::MAX);
        let drawn = Duration::from_millis((self.random)(most));
        sleep(drawn).await;
        self.last = Some(drawn);
    }

    pub fn reset(&mut self) {
        self.last = None;
    }
}

//! Tokens are added at fixed times after the creation, also while the bucket is full. Caught by `TokenBucket::starts_with_a_burst_and_continues_at_the_rate`, which says "fixed times after the creation".

pub struct TokenBucket {
    burst: u32,
    every: Duration,
    start: Instant,
    state: tokio::sync::Mutex<(u32, u128)>,
}

impl TokenBucket {
    pub fn new(burst: u32, every: Duration) -> Self {
        Self {
            burst,
            every,
            start: Instant::now(),
            state: tokio::sync::Mutex::new((burst, 0)),
        }
    }

    pub async fn take(&self) {
        let mut state = self.state.lock().await;
        loop {
            let ticks = self.start.elapsed().as_nanos() / self.every.as_nanos();
            let added = (ticks - state.1).min(u128::from(self.burst)) as u32;
            *state = ((state.0 + added).min(self.burst), ticks);
            if state.0 > 0 {
                state.0 -= 1;
                return;
            }
            sleep_until(self.start + self.every * (ticks as u32 + 1)).await;
        }
    }
}

//! All who wait look at the same instant, and go in together. Caught by `TokenBucket::every_window_is_bounded`, which says "several who wait are let in for one token".

pub struct TokenBucket {
    every: Duration,
    burst: u32,
    full_at: tokio::sync::Mutex<Instant>,
}

impl TokenBucket {
    pub fn new(burst: u32, every: Duration) -> Self {
        let full_at = tokio::sync::Mutex::new(Instant::now());
        Self {
            every,
            burst,
            full_at,
        }
    }

    pub async fn take(&self) {
        let all_but_one = self.every * (self.burst - 1);
        let full_before = (*self.full_at.lock().await).max(Instant::now());
        let wait = full_before.saturating_duration_since(Instant::now());
        sleep(wait.saturating_sub(all_but_one)).await;
        *self.full_at.lock().await = full_before + self.every;
    }
}

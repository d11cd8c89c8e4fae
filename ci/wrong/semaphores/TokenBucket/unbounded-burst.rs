//! Unused tokens accumulate without a limit. Caught by `TokenBucket::starts_with_a_burst_and_continues_at_the_rate`, which says "accumulate beyond the burst".

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
        let mut full_at = self.full_at.lock().await;
        let first_before_full = self.every * (self.burst - 1);
        let wait = full_at.saturating_duration_since(Instant::now());
        sleep(wait.saturating_sub(first_before_full)).await;
        *full_at += self.every;
    }
}

//! All waiting callers compute the same instant, and take the same token. Caught by `TokenBucket::never_exceeds_the_rate_in_any_period`, which says "several waiting callers take the same token".

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
        let first_before_full = self.every * (self.burst - 1);
        let full_before = (*self.full_at.lock().await).max(Instant::now());
        let wait = full_before.saturating_duration_since(Instant::now());
        sleep(wait.saturating_sub(first_before_full)).await;
        *self.full_at.lock().await = full_before + self.every;
    }
}

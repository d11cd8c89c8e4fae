//! The token counts as taken before the caller waits for it. Caught by `TokenBucket::a_cancelled_call_takes_no_token`, which says "before the caller waits for it".

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
        let wait = {
            let mut full_at = self.full_at.lock().await;
            let full_before = (*full_at).max(Instant::now());
            *full_at = full_before + self.every;
            full_before.saturating_duration_since(Instant::now())
        };
        sleep(wait.saturating_sub(first_before_full)).await;
    }
}

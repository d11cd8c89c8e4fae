//! Each token is counted from the moment at which the last one was taken, and that is late. Caught by `TokenBucket::no_drift_in_an_hour`, which says "that adds up".

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
        let all_but_one = self.every * (self.burst - 1);
        let wait = full_at.saturating_duration_since(Instant::now());
        sleep(wait.saturating_sub(all_but_one)).await;
        *full_at = (*full_at).max(Instant::now()) + self.every;
    }
}

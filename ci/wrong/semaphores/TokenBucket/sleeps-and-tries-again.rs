//! There is no queue: each caller sleeps and tries again, and the first one to do so takes the token. Caught by `TokenBucket::first_come_first_served`, which says "tries again".

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
        loop {
            {
                let mut full_at = self.full_at.lock().await;
                let full_before = (*full_at).max(Instant::now());
                let wait = full_before.saturating_duration_since(Instant::now());
                if wait <= first_before_full {
                    *full_at = full_before + self.every;
                    return;
                }
            }
            sleep(Duration::from_millis(70)).await;
        }
    }
}

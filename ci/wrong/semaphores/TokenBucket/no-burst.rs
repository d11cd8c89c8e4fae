//! A pause after each token: the burst is never used. Caught by `TokenBucket::a_burst_then_one_by_one`, which says "they came at".

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
        let mut next = self.full_at.lock().await;
        sleep_until(*next).await;
        let _never_used = self.burst;
        *next = Instant::now() + self.every;
    }
}

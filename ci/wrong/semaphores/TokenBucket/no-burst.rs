//! A pause follows each token, so there is never a burst. Caught by `TokenBucket::starts_with_a_burst_and_continues_at_the_rate`, which says "should return at 0 ms".

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
        let _unused = self.burst;
        *next = Instant::now() + self.every;
    }
}

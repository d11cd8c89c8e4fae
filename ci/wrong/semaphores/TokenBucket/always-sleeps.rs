//! Sleeps also if there is a token. Caught by `TokenBucket::a_token_that_is_there_is_taken_at_once`, which says "sleeps although there is a token".

#[derive(Debug)]
pub struct TokenBucket {
    every: Duration,
    first_before_full: Duration,
    full_at: tokio::sync::Mutex<Instant>,
}

impl TokenBucket {
    pub fn new(burst: u32, every: Duration) -> Self {
        Self {
            every,
            first_before_full: every * burst.saturating_sub(1),
            full_at: tokio::sync::Mutex::new(Instant::now()),
        }
    }

    pub async fn take(&self) {
        let arrived = Instant::now();
        let mut full_at = self.full_at.lock().await;
        let full_before = (*full_at).max(arrived);
        let wait = full_before
            .saturating_duration_since(Instant::now())
            .saturating_sub(self.first_before_full);
        sleep_until(Instant::now() + wait).await;
        *full_at = full_before + self.every;
    }
}

//! Asks `std::time::Instant` for the time, which does not follow tokio's clock. Caught by `TokenBucket::a_quiet_period_fills_it_up_to_the_burst`, which says "or that none are added".

use std::time::Instant as RealInstant;

pub struct TokenBucket {
    every: Duration,
    first_before_full: Duration,
    full_at: tokio::sync::Mutex<RealInstant>,
}

impl TokenBucket {
    pub fn new(burst: u32, every: Duration) -> Self {
        Self {
            every,
            first_before_full: every * burst.saturating_sub(1),
            full_at: tokio::sync::Mutex::new(RealInstant::now()),
        }
    }

    pub async fn take(&self) {
        let mut full_at = self.full_at.lock().await;
        let full_before = (*full_at).max(RealInstant::now());
        let wait = full_before
            .saturating_duration_since(RealInstant::now())
            .saturating_sub(self.first_before_full);
        sleep(wait).await;
        *full_at = full_before + self.every;
    }
}

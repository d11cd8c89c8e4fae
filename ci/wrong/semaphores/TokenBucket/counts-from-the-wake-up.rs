//! A caller looks at the time when it is the first in the queue, so a token that was added while the one before it was late is lost. Caught by `TokenBucket::a_late_wake_up_delays_no_token`, which says "counts from when that caller was woken".

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
        // tokio's mutex is fair, and may be held while this caller sleeps: those behind it have to wait for it anyway.
        let mut full_at = self.full_at.lock().await;
        // Computed before the sleep, so that a late timer does not make all later tokens late.
        let full_before = (*full_at).max(Instant::now());
        let wait = full_before
            .saturating_duration_since(Instant::now())
            .saturating_sub(self.first_before_full);
        if !wait.is_zero() {
            sleep_until(Instant::now() + wait).await;
        }
        *full_at = full_before + self.every;
    }
}

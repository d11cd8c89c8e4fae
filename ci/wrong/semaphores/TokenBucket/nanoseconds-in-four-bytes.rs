//! Keeps `every` in nanoseconds, in four bytes. Caught by `TokenBucket::any_burst_and_any_time_between_tokens`, which says "a type that is too small".

#[derive(Debug)]
pub struct TokenBucket {
    every: Duration,
    first_before_full: Duration,
    full_at: tokio::sync::Mutex<Instant>,
}

impl TokenBucket {
    pub fn new(burst: u32, every: Duration) -> Self {
        let every = Duration::from_nanos(u64::from(every.as_nanos() as u32));
        Self {
            every,
            first_before_full: every * burst.saturating_sub(1),
            full_at: tokio::sync::Mutex::new(Instant::now()),
        }
    }

    pub async fn take(&self) {
        // Before the lock: a caller that has waited for a token takes the one that was added then, however late it is woken.
        let arrived = Instant::now();
        // tokio's mutex is fair, and may be held while this caller sleeps: those behind it have to wait for it anyway.
        let mut full_at = self.full_at.lock().await;
        // Computed before the sleep, so that a late timer does not make all later tokens late.
        let full_before = (*full_at).max(arrived);
        let wait = full_before
            .saturating_duration_since(Instant::now())
            .saturating_sub(self.first_before_full);
        if !wait.is_zero() {
            sleep_until(Instant::now() + wait).await;
        }
        *full_at = full_before + self.every;
    }
}

//! `every` is rounded to whole milliseconds. Caught by `TokenBucket::starts_with_a_burst_and_continues_at_the_rate`, which says "`every` is rounded".

pub struct TokenBucket {
    every: Duration,
    first_before_full: Duration,
    full_at: tokio::sync::Mutex<Instant>,
}

impl TokenBucket {
    pub fn new(burst: u32, every: Duration) -> Self {
        let every = Duration::from_millis(every.as_millis() as u64);
        Self {
            every,
            first_before_full: every * (burst - 1),
            full_at: tokio::sync::Mutex::new(Instant::now()),
        }
    }

    pub async fn take(&self) {
        let mut full_at = self.full_at.lock().await;
        let full_before = (*full_at).max(Instant::now());
        let wait = full_before.saturating_duration_since(Instant::now());
        sleep(wait.saturating_sub(self.first_before_full)).await;
        *full_at = full_before + self.every;
    }
}

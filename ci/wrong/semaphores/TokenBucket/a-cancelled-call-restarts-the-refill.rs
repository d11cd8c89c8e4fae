//! A caller that waits moves the time of the last refill, and if it is cancelled, the next token comes late. Caught by `TokenBucket::a_cancelled_call_leaves_nothing_behind`, which says "another instant for the next token".

#[derive(Debug)]
pub struct TokenBucket {
    burst: u32,
    every: Duration,
    state: tokio::sync::Mutex<(u32, Instant)>,
}

impl TokenBucket {
    pub fn new(burst: u32, every: Duration) -> Self {
        Self {
            burst,
            every,
            state: tokio::sync::Mutex::new((burst, Instant::now())),
        }
    }

    pub async fn take(&self) {
        let arrived = Instant::now();
        let mut state = self.state.lock().await;
        let (tokens, last) = *state;
        let added = arrived.saturating_duration_since(last).as_nanos() / self.every.as_nanos();
        let tokens = (u128::from(tokens) + added).min(u128::from(self.burst)) as u32;
        let mut last = last + self.every * added.min(u128::from(u32::MAX)) as u32;
        if tokens == self.burst {
            last = last.max(arrived);
        }
        if tokens > 0 {
            *state = (tokens - 1, last);
            return;
        }
        let next = last + self.every;
        // A caller that is dropped here leaves the time of its look behind.
        *state = (0, arrived.max(last));
        sleep_until(next).await;
        *state = (0, next);
    }
}

//! A call that finds a token starts the time to the next one. Caught by `TokenBucket::a_quiet_period_fills_it_up_to_the_burst`, which says "from the call that found".

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
        let mut state = self.state.lock().await;
        let added = state.1.elapsed().as_nanos() / self.every.as_nanos();
        if added > 0 || state.0 == self.burst {
            *state = (
                (state.0 + added.min(u128::from(self.burst)) as u32).min(self.burst),
                Instant::now(),
            );
        }
        if state.0 == 0 {
            let due = state.1 + self.every;
            sleep_until(due).await;
            *state = (0, due);
        } else {
            state.0 -= 1;
        }
    }
}

//! A limit on how often something happens.

use tokio::time::{Duration, Instant};

/// A token bucket. It never waits: a caller without a token is told so.
#[derive(Debug)]
pub(crate) struct RateLimit {
    tokens: f64,
    burst: f64,
    per_second: f64,
    refilled: Instant,
}

impl RateLimit {
    /// Starts with a full bucket.
    pub(crate) fn new(burst: u32, per_second: u32) -> Self {
        let burst = f64::from(burst);
        Self {
            tokens: burst,
            burst,
            per_second: f64::from(per_second),
            refilled: Instant::now(),
        }
    }

    /// Takes a token, if there is one.
    pub(crate) fn take(&mut self) -> bool {
        let now = Instant::now();
        let since = now.saturating_duration_since(self.refilled);
        self.refilled = now;
        self.tokens = self.burst.min(self.tokens + self.refill(since));
        let enough = self.tokens >= 1.0;
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }

    fn refill(&self, since: Duration) -> f64 {
        since.as_secs_f64() * self.per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn allows_a_burst_and_then_the_rate() {
        let mut limit = RateLimit::new(3, 2);
        assert_eq!([(); 4].map(|()| limit.take()), [true, true, true, false]);
        advance(Duration::from_millis(500)).await;
        assert_eq!([(); 2].map(|()| limit.take()), [true, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn saves_no_more_than_a_burst() {
        let mut limit = RateLimit::new(2, 5);
        advance(Duration::from_secs(3_600)).await;
        assert_eq!([(); 3].map(|()| limit.take()), [true, true, false]);
    }
}

//! Limits how often something may happen, for each learner or address.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use tokio::time::Instant;

/// Allows for a burst, and then for one in each interval.
///
/// For each key, only the time is kept at which everything would be used up again (the generic cell rate algorithm). A key
/// whose time has passed is like one that was never seen, so it can be forgotten, and the table stays small.
#[derive(Debug)]
pub struct RateLimit<K> {
    burst: u32,
    interval: Duration,
    most: usize,
    used_until: HashMap<K, Instant>,
}

impl<K: Eq + Hash> RateLimit<K> {
    /// How many keys are remembered, unless the caller says otherwise.
    const MOST: usize = 10_000;

    /// A burst of this many, and then one in each interval.
    pub fn new(burst: u32, interval: Duration) -> Self {
        Self {
            burst,
            interval,
            most: Self::MOST,
            used_until: HashMap::new(),
        }
    }

    /// Whether there is one left. Takes none.
    ///
    /// # Errors
    ///
    /// If there is none: how long to wait.
    pub fn check(&self, key: &K) -> Result<(), Duration> {
        let now = Instant::now();
        let used_until = self.used_until.get(key).copied().unwrap_or(now).max(now);
        let wait = (used_until + self.interval)
            .saturating_duration_since(now + self.interval * self.burst);
        if wait.is_zero() { Ok(()) } else { Err(wait) }
    }

    /// Takes one.
    ///
    /// # Errors
    ///
    /// If there is none left: how long to wait.
    pub fn take(&mut self, key: K) -> Result<(), Duration> {
        self.check(&key)?;
        let now = Instant::now();
        if self.used_until.len() >= self.most && !self.used_until.contains_key(&key) {
            self.used_until.retain(|_, used_until| *used_until > now);
            if self.used_until.len() >= self.most {
                return Err(self.interval);
            }
        }
        let used_until = self.used_until.entry(key).or_insert(now);
        *used_until = now.max(*used_until) + self.interval;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::sleep;

    use super::RateLimit;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_burst_then_one_in_each_interval() {
        let mut limit = RateLimit::new(3, SECOND);
        for _ in 0..3 {
            assert_eq!(limit.take("a"), Ok(()));
        }
        assert_eq!(limit.take("a"), Err(SECOND));
        assert_eq!(limit.take("b"), Ok(()), "another key");
        sleep(SECOND).await;
        assert_eq!(limit.check(&"a"), Ok(()));
        assert_eq!(limit.take("a"), Ok(()));
        assert_eq!(limit.take("a"), Err(SECOND));
        sleep(SECOND * 100).await;
        for _ in 0..3 {
            assert_eq!(limit.take("a"), Ok(()));
        }
        assert!(limit.take("a").is_err(), "no more than a burst is saved");
    }

    #[tokio::test(start_paused = true)]
    async fn many_keys_do_not_fill_the_memory() {
        let mut limit = RateLimit::new(1, SECOND);
        limit.most = 3;
        for key in 0..3 {
            assert_eq!(limit.take(key), Ok(()));
        }
        assert!(limit.take(3).is_err(), "the table is full");
        sleep(SECOND).await;
        assert_eq!(limit.take(3), Ok(()));
        assert_eq!(limit.used_until.len(), 1);
    }
}

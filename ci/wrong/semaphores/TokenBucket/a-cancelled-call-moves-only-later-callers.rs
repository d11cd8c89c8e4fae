//! Each caller reserves a token when it arrives, and a cancelled one gives its own back: those already waiting behind it do not move up. Caught by `TokenBucket::a_cancelled_call_takes_no_token`, which says "before the caller waits for it".

pub struct TokenBucket {
    every: Duration,
    before: Duration,
    full_at: Mutex<Instant>,
}

/// Gives the token back if the call is cancelled.
struct Refund<'a>(&'a TokenBucket, bool);

impl Drop for Refund<'_> {
    fn drop(&mut self) {
        if self.1 {
            *self.0.full_at.lock().unwrap() -= self.0.every;
        }
    }
}

impl TokenBucket {
    pub fn new(burst: u32, every: Duration) -> Self {
        Self {
            every,
            before: every * (burst - 1),
            full_at: Mutex::new(Instant::now()),
        }
    }

    pub async fn take(&self) {
        let at = {
            let mut full_at = self.full_at.lock().unwrap();
            let full_before = (*full_at).max(Instant::now());
            *full_at = full_before + self.every;
            full_before - self.before
        };
        if at > Instant::now() {
            let mut refund = Refund(self, true);
            sleep_until(at).await;
            refund.1 = false;
        }
    }
}

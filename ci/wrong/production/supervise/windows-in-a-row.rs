//! A window begins with its first failure, and the next one when it is over. Caught by `supervise::old_failures_do_not_count`, which says "begins with the first failure".

impl History {
    fn new(policy: RestartPolicy) -> Self {
        Self {
            policy,
            next_pause: policy.base.min(policy.cap),
            failures: VecDeque::new(),
        }
    }

    fn pause_after(&mut self, began: Instant, now: Instant) -> Option<Duration> {
        let RestartPolicy {
            base,
            cap,
            healthy,
            max_failures,
            window,
        } = self.policy;
        if self
            .failures
            .front()
            .is_some_and(|first| now - *first >= window)
        {
            self.failures.clear();
        }
        self.failures.push_back(now);
        if self.failures.len() >= max_failures.get() as usize {
            return None;
        }
        if now - began >= healthy {
            self.next_pause = base.min(cap);
        }
        let pause = self.next_pause;
        self.next_pause = pause.saturating_mul(2).min(cap);
        Some(pause)
    }
}

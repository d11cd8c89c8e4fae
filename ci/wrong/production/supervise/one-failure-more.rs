//! It gives up one failure later. Caught by `supervise::gives_up_after_too_many_failures`, which says "one failure later".

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
        self.failures.push_back(now);
        self.failures.retain(|at| now - *at < window);
        if self.failures.len() > max_failures.get() as usize {
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

//! The pause is computed in milliseconds, in 32 bits. Caught by `supervise::a_pause_may_grow_to_days`, which says "a type that is too small".

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
        if self.failures.len() >= max_failures.get() as usize {
            return None;
        }
        if now - began >= healthy {
            self.next_pause = base.min(cap);
        }
        let pause = self.next_pause;
        let doubled = (pause.as_millis() as u32).saturating_mul(2);
        self.next_pause = Duration::from_millis(doubled.into()).min(cap);
        Some(pause)
    }
}

//! A healthy run does not set the pause back. Caught by `supervise::a_healthy_run_sets_the_pause_back`, which says "not set back after a healthy run".

impl History {
    fn new(policy: RestartPolicy) -> Self {
        Self {
            policy,
            next_pause: policy.base.min(policy.cap),
            failures: VecDeque::new(),
        }
    }

    fn pause_after(&mut self, _began: Instant, now: Instant) -> Option<Duration> {
        let RestartPolicy {
            cap,
            max_failures,
            window,
            ..
        } = self.policy;
        self.failures.push_back(now);
        self.failures.retain(|at| now - *at < window);
        if self.failures.len() >= max_failures.get() as usize {
            return None;
        }
        let pause = self.next_pause;
        self.next_pause = pause.saturating_mul(2).min(cap);
        Some(pause)
    }
}

//! The pause doubles ten times at most. Caught by `supervise::never_overflows`, which says "stops doubling".

struct History {
    policy: RestartPolicy,
    doublings: u32,
    failures: VecDeque<Instant>,
}

impl History {
    fn new(policy: RestartPolicy) -> Self {
        Self {
            policy,
            doublings: 0,
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
            self.doublings = 0;
        }
        let pause = base * 2_u32.pow(self.doublings.min(10));
        self.doublings += 1;
        Some(pause.min(cap))
    }
}

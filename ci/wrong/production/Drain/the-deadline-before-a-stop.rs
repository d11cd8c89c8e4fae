//! The clock is looked at before `stop`. Caught by `Drain::a_stop_comes_before_the_deadline`, which says "looked at before `stop`".

impl Drain {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn admit(&self) -> Option<RequestGuard> {
        let mut requests = self.shared.requests();
        if requests.is_draining {
            return None;
        }
        requests.in_flight += 1;
        Some(RequestGuard {
            shared: Arc::clone(&self.shared),
        })
    }

    pub fn in_flight(&self) -> usize {
        self.shared.requests().in_flight
    }

    pub fn begin(&self) {
        self.shared.change(|requests| requests.is_draining = true);
    }

    pub fn stop(&self) {
        self.shared.change(|requests| {
            requests.is_draining = true;
            requests.is_stopped = true;
        });
    }

    pub async fn drained(&self) {
        let is_drained = |requests: &Requests| requests.is_draining && requests.in_flight == 0;
        self.shared.wait_until(is_drained).await;
    }

    pub async fn drain(&self, deadline: Instant) -> Drained {
        self.begin();
        let is_over = |requests: &Requests| requests.in_flight == 0 || requests.is_stopped;
        // Why it has ended is in the state.
        let _ = timeout_at(deadline, self.shared.wait_until(is_over)).await;
        let requests = self.shared.requests();
        match requests.in_flight {
            0 => Drained::Clean,
            abandoned if Instant::now() >= deadline => Drained::DeadlineReached { abandoned },
            abandoned => Drained::Stopped { abandoned },
        }
    }
}

//! The deadline of the first call holds for all. Caught by `Drain::each_call_has_its_own_deadline`, which says "the deadline of the first call holds".

#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Requests {
    in_flight: usize,
    is_draining: bool,
    is_stopped: bool,
    deadline: Option<Instant>,
}

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
        let deadline = *self.shared.requests().deadline.get_or_insert(deadline);
        let is_over = |requests: &Requests| requests.in_flight == 0 || requests.is_stopped;
        // Why it has ended is in the state.
        let _ = timeout_at(deadline, self.shared.wait_until(is_over)).await;
        let requests = self.shared.requests();
        match requests.in_flight {
            0 => Drained::Clean,
            abandoned if requests.is_stopped => Drained::Stopped { abandoned },
            abandoned => Drained::DeadlineReached { abandoned },
        }
    }
}

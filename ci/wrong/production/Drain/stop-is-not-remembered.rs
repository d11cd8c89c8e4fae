//! `stop` ends only the calls that wait. Caught by `Drain::a_stop_ends_every_call`, which says "ends only the calls that are waiting".

#[derive(Default)]
struct Shared {
    requests: Mutex<Requests>,
    changed: Notify,
    stopped: Notify,
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
        self.begin();
        self.shared.stopped.notify_waiters();
    }

    pub async fn drained(&self) {
        let is_drained = |requests: &Requests| requests.is_draining && requests.in_flight == 0;
        self.shared.wait_until(is_drained).await;
    }

    pub async fn drain(&self, deadline: Instant) -> Drained {
        self.begin();
        let is_over = |requests: &Requests| requests.in_flight == 0;
        let mut is_stopped = false;
        // Why it has ended is in the state.
        tokio::select! {
            biased;
            _ = timeout_at(deadline, self.shared.wait_until(is_over)) => {}
            () = self.shared.stopped.notified() => is_stopped = true,
        }
        let requests = self.shared.requests();
        match requests.in_flight {
            0 => Drained::Clean,
            abandoned if is_stopped => Drained::Stopped { abandoned },
            abandoned => Drained::DeadlineReached { abandoned },
        }
    }
}

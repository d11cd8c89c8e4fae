//! A dropped call is counted as a failure. Caught by `CircuitBreaker::a_dropped_probe_frees_its_place`, which says "counts as a failure".

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            self.count(true);
        }
    }
}

struct Admission<'a> {
    breaker: &'a CircuitBreaker,
    changes: u64,
    is_finished: bool,
}

impl Admission<'_> {
    fn finish(mut self, has_failed: bool) {
        self.is_finished = true;
        self.count(has_failed);
    }

    fn count(&self, has_failed: bool) {
        let mut circuit = self.breaker.circuit();
        if circuit.changes != self.changes {
            return;
        }
        let failures = match circuit.phase {
            Phase::Closed { failures_in_a_row } => failures_in_a_row + 1,
            _ => self.breaker.failures.get(),
        };
        if has_failed && failures == self.breaker.failures.get() {
            let until = Instant::now() + self.breaker.pause;
            circuit.change(Phase::Open { until });
        } else if has_failed {
            circuit.phase = Phase::Closed {
                failures_in_a_row: failures,
            };
        } else {
            let is_probe = matches!(circuit.phase, Phase::Probing);
            circuit.phase = Phase::Closed {
                failures_in_a_row: 0,
            };
            circuit.changes += u64::from(is_probe);
        }
    }
}

impl CircuitBreaker {
    pub fn new(failures: NonZeroU32, pause: Duration) -> Self {
        let phase = Phase::Closed {
            failures_in_a_row: 0,
        };
        Self {
            failures,
            pause,
            circuit: Mutex::new(Circuit { phase, changes: 0 }),
        }
    }

    pub async fn call<T, E>(
        &self,
        operation: impl Future<Output = Result<T, E>>,
    ) -> Result<T, CallError<E>> {
        let admission = self.admit().ok_or(CallError::Refused)?;
        match AssertUnwindSafe(operation).catch_unwind().await {
            Ok(result) => {
                admission.finish(result.is_err());
                result.map_err(CallError::Failed)
            }
            Err(payload) => {
                admission.finish(true);
                resume_unwind(payload)
            }
        }
    }

    pub fn state(&self) -> State {
        match self.circuit().phase {
            Phase::Closed { .. } => State::Closed,
            Phase::Open { until } if Instant::now() < until => State::Open,
            Phase::Open { .. } | Phase::Probing => State::HalfOpen,
        }
    }

    fn admit(&self) -> Option<Admission<'_>> {
        let mut circuit = self.circuit();
        match circuit.phase {
            Phase::Closed { .. } => {}
            Phase::Open { until } if Instant::now() >= until => circuit.change(Phase::Probing),
            Phase::Open { .. } | Phase::Probing => return None,
        }
        Some(Admission {
            breaker: self,
            changes: circuit.changes,
            is_finished: false,
        })
    }

    fn circuit(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! A destructor that runs during a panic takes it for one of the operation. Caught by `CircuitBreaker::a_dropped_probe_frees_its_place`, which says "`std::thread::panicking()`".

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut circuit = self.breaker.circuit();
            let most = self.breaker.failures.get();
            if circuit.changes != self.changes {
                return;
            }
            let failures = match circuit.phase {
                Phase::Closed { failures_in_a_row } => failures_in_a_row + 1,
                _ => most,
            };
            if failures == most {
                let until = Instant::now() + self.breaker.pause;
                circuit.change(Phase::Open { until });
            } else {
                circuit.phase = Phase::Closed {
                    failures_in_a_row: failures,
                };
            }
            return;
        }
        let mut circuit = self.breaker.circuit();
        if circuit.changes == self.changes && matches!(circuit.phase, Phase::Probing) {
            let until = Instant::now();
            circuit.change(Phase::Open { until });
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
        let result = operation.await;
        admission.finish(result.is_err());
        result.map_err(CallError::Failed)
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
        })
    }

    fn circuit(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

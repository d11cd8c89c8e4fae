//! A half-open breaker lets all calls through. Caught by `CircuitBreaker::one_probe_at_a_time`, which says "lets every call through".

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
            Phase::Closed { .. } | Phase::Probing => {}
            Phase::Open { until } if Instant::now() >= until => circuit.change(Phase::Probing),
            Phase::Open { .. } => return None,
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

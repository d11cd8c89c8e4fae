//! A panic counts like a dropped call. Caught by `CircuitBreaker::a_panic_is_a_failure`, which says "counts like a dropped call".

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

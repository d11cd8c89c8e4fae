//! A call is admitted when `call` is called. Caught by `CircuitBreaker::opens_after_failures_in_a_row`, which says "a call begins when `call` is called".

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

    pub fn call<T, E>(
        &self,
        operation: impl Future<Output = Result<T, E>>,
    ) -> impl Future<Output = Result<T, CallError<E>>> {
        let admission = self.admit();
        async move {
            let admission = admission.ok_or(CallError::Refused)?;
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

use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::time::Instant;

/// A circuit breaker: it refuses calls for a while after several failures in a row, and then lets one probe through.
#[derive(Debug)]
pub struct CircuitBreaker {
    failures: NonZeroU32,
    pause: Duration,
    circuit: Mutex<Circuit>,
}

/// What a [`CircuitBreaker`] does with the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is made.
    Closed,
    /// It is refused.
    Open,
    /// It is the probe, or it is refused because another call is.
    HalfOpen,
}

/// The circuit is open: the call was refused, and its future was not polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the circuit breaker is open")]
pub struct Open;

#[derive(Debug)]
struct Circuit {
    phase: Phase,
    /// How often the phase has changed. A result counts only in the phase in which its call was admitted.
    changes: u64,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    Closed { failures_in_a_row: u32 },
    Open { until: Instant },
    Probing,
}

impl CircuitBreaker {
    /// Creates a closed breaker. It opens after so many `failures` in a row, and stays open for `pause`.
    #[must_use]
    pub fn new(failures: NonZeroU32, pause: Duration) -> Self {
        Self {
            failures,
            pause,
            circuit: Mutex::new(Circuit {
                phase: Phase::Closed {
                    failures_in_a_row: 0,
                },
                changes: 0,
            }),
        }
    }

    /// Awaits `call` if the circuit allows it, and learns from its output whether it failed. A panic is a failure.
    ///
    /// # Errors
    ///
    /// [`Open`] if the call is refused. Then it is not polled.
    ///
    /// # Panics
    ///
    /// If `call` panics, with the same payload.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops `call`, which counts neither as a success nor as a failure. If it was the probe, the next
    /// call is the probe.
    pub async fn run<F: Future>(
        &self,
        call: F,
        is_failure: impl FnOnce(&F::Output) -> bool,
    ) -> Result<F::Output, Open> {
        let admission = self.admit()?;
        match AssertUnwindSafe(call).catch_unwind().await {
            Ok(output) => {
                admission.finish(is_failure(&output));
                Ok(output)
            }
            Err(panic) => {
                admission.finish(true);
                resume_unwind(panic)
            }
        }
    }

    /// What happens to the next call.
    #[must_use]
    pub fn state(&self) -> State {
        match self.circuit().phase {
            Phase::Closed { .. } => State::Closed,
            Phase::Open { until } if Instant::now() < until => State::Open,
            Phase::Open { .. } | Phase::Probing => State::HalfOpen,
        }
    }

    fn admit(&self) -> Result<Admission<'_>, Open> {
        let mut circuit = self.circuit();
        match circuit.phase {
            Phase::Closed { .. } => {}
            Phase::Open { until } if Instant::now() >= until => circuit.change(Phase::Probing),
            Phase::Open { .. } | Phase::Probing => return Err(Open),
        }
        Ok(Admission {
            breaker: self,
            changes: circuit.changes,
        })
    }

    fn circuit(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Circuit {
    fn change(&mut self, phase: Phase) {
        self.phase = phase;
        self.changes += 1;
    }
}

/// A call that was admitted. Dropped before it has finished, it leaves no trace.
struct Admission<'a> {
    breaker: &'a CircuitBreaker,
    changes: u64,
}

impl Admission<'_> {
    fn finish(self, has_failed: bool) {
        let mut circuit = self.breaker.circuit();
        if circuit.changes != self.changes {
            return;
        }
        let open = Phase::Open {
            until: Instant::now() + self.breaker.pause,
        };
        let closed = |failures_in_a_row| Phase::Closed { failures_in_a_row };
        match circuit.phase {
            Phase::Closed { failures_in_a_row } if has_failed => {
                let failures = failures_in_a_row + 1;
                if failures == self.breaker.failures.get() {
                    circuit.change(open);
                } else {
                    circuit.phase = closed(failures);
                }
            }
            Phase::Closed { .. } => circuit.phase = closed(0),
            Phase::Probing if has_failed => circuit.change(open),
            Phase::Probing => circuit.change(closed(0)),
            Phase::Open { .. } => {}
        }
    }
}

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        let mut circuit = self.breaker.circuit();
        if circuit.changes == self.changes && matches!(circuit.phase, Phase::Probing) {
            let until = Instant::now();
            circuit.change(Phase::Open { until });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use tokio::time::{advance, timeout};

    fn breaker() -> CircuitBreaker {
        let failures = NonZeroU32::new(2).expect("2 is not 0");
        CircuitBreaker::new(failures, Duration::from_secs(10))
    }

    async fn call(
        breaker: &CircuitBreaker,
        result: Result<(), ()>,
    ) -> Result<Result<(), ()>, Open> {
        breaker.run(ready(result), Result::is_err).await
    }

    async fn opened() -> CircuitBreaker {
        let breaker = breaker();
        for _ in 0..2 {
            let _ = call(&breaker, Err(())).await;
        }
        breaker
    }

    #[tokio::test(start_paused = true)]
    async fn opens_after_failures_in_a_row() {
        let breaker = breaker();
        for result in [Err(()), Ok(()), Err(())] {
            assert_eq!(call(&breaker, result).await, Ok(result));
        }
        assert_eq!(breaker.state(), State::Closed);
        let _ = call(&breaker, Err(())).await;
        assert_eq!(call(&breaker, Ok(())).await, Err(Open));
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_closes_it_or_opens_it_again() {
        let breaker = opened().await;
        advance(Duration::from_secs(10)).await;
        let _ = call(&breaker, Err(())).await;
        assert_eq!(breaker.state(), State::Open);
        advance(Duration::from_secs(10)).await;
        let _ = call(&breaker, Ok(())).await;
        assert_eq!(breaker.state(), State::Closed);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_probe_frees_its_place() {
        let breaker = opened().await;
        advance(Duration::from_secs(10)).await;
        let probe = breaker.run(pending::<Result<(), ()>>(), Result::is_err);
        assert!(timeout(Duration::from_secs(1), probe).await.is_err());
        assert_eq!(call(&breaker, Ok(())).await, Ok(Ok(())));
        assert_eq!(breaker.state(), State::Closed);
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_panics_has_failed() {
        let breaker = opened().await;
        advance(Duration::from_secs(10)).await;
        let panicking = async { resume_unwind(Box::new("the probe")) };
        let probe = breaker.run(panicking, |_: &()| false);
        assert!(AssertUnwindSafe(probe).catch_unwind().await.is_err());
        assert_eq!(breaker.state(), State::Open);
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_result_changes_nothing() {
        let breaker = breaker();
        let late = breaker.run(
            async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok::<(), ()>(())
            },
            Result::is_err,
        );
        let mut late = std::pin::pin!(late);
        assert!(futures::poll!(&mut late).is_pending());
        for _ in 0..2 {
            let _ = call(&breaker, Err(())).await;
        }
        assert_eq!(late.await, Ok(Ok(())));
        assert_eq!(breaker.state(), State::Open);
    }
}

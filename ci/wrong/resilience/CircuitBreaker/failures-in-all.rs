//! A success does not set the count to zero. Caught by `CircuitBreaker::opens_after_failures_in_a_row`, which says "does not set the count of failures to zero".

impl Admission<'_> {
    fn finish(self, has_failed: bool) {
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
            if is_probe {
                circuit.change(Phase::Closed {
                    failures_in_a_row: 0,
                });
            }
        }
    }
}

//! The count is compared before it is raised. Caught by `CircuitBreaker::opens_after_failures_in_a_row`, which says "one failure more".

impl Admission<'_> {
    fn finish(self, has_failed: bool) {
        let mut circuit = self.breaker.circuit();
        if circuit.changes != self.changes {
            return;
        }
        let failures = match circuit.phase {
            Phase::Closed { failures_in_a_row } => failures_in_a_row,
            _ => self.breaker.failures.get(),
        };
        if has_failed && failures == self.breaker.failures.get() {
            let until = Instant::now() + self.breaker.pause;
            circuit.change(Phase::Open { until });
        } else if has_failed {
            circuit.phase = Phase::Closed {
                failures_in_a_row: failures + 1,
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

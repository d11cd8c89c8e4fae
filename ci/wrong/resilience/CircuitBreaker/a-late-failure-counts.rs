//! A late failure counts when the breaker is closed again. Caught by `CircuitBreaker::a_late_result_changes_nothing`, which says "Remember in which period a call began".

impl Admission<'_> {
    fn finish(self, has_failed: bool) {
        let mut circuit = self.breaker.circuit();
        let is_closed = matches!(circuit.phase, Phase::Closed { .. });
        if circuit.changes != self.changes && !(has_failed && is_closed) {
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

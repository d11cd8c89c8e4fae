//! A late success sets the count to zero when the breaker is closed again. Caught by `CircuitBreaker::a_late_result_does_not_touch_the_count`, which says "the success of a call which began before".

impl Admission<'_> {
    fn finish(self, has_failed: bool) {
        let mut circuit = self.breaker.circuit();
        if circuit.changes != self.changes {
            if let Phase::Closed { failures_in_a_row } = &mut circuit.phase
                && !has_failed
            {
                *failures_in_a_row = 0;
            }
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

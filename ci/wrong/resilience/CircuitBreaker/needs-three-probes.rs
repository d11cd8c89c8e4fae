//! Several probes have to succeed, and only one is ever made. Caught by `CircuitBreaker::a_probe_decides`, which says "never closes".

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
            match circuit.phase {
                // The others have to come first.
                Phase::Probing if self.breaker.failures.get() > 1 => circuit.changes += 1,
                Phase::Probing => circuit.change(Phase::Closed {
                    failures_in_a_row: 0,
                }),
                _ => {
                    circuit.phase = Phase::Closed {
                        failures_in_a_row: 0,
                    };
                }
            }
        }
    }
}

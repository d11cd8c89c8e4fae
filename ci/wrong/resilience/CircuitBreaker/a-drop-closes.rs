//! A dropped probe closes the breaker. Caught by `CircuitBreaker::a_dropped_probe_frees_its_place`, which says "a dropped probe closes the breaker".

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        let mut circuit = self.breaker.circuit();
        if circuit.changes == self.changes && matches!(circuit.phase, Phase::Probing) {
            circuit.change(Phase::Closed {
                failures_in_a_row: 0,
            });
        }
    }
}

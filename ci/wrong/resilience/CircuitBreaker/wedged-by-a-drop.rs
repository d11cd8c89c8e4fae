//! A probe that is dropped keeps its place. Caught by `CircuitBreaker::a_dropped_probe_frees_its_place`, which says "only a result frees the place".

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        // Only a result changes the state.
    }
}

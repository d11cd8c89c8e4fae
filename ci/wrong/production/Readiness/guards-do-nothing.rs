//! Nothing happens when a guard is dropped. Caught by `Readiness::a_component_is_ready_while_a_guard_exists`, which says "nothing happens when a guard is dropped".

impl Drop for ReadyGuard {
    fn drop(&mut self) {}
}

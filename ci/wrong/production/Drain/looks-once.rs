//! A waiter that was woken does not look at the state again. Caught by `Drain::drained_waits_for_the_begin_and_the_requests`, which says "does not look at the count again".

impl Shared {
    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Requests)) {
        change(&mut self.requests());
        self.changed.notify_waiters();
    }

    async fn wait_until(&self, is_over: impl Fn(&Requests) -> bool) {
        let changed = self.changed.notified();
        if is_over(&self.requests()) {
            return;
        }
        changed.await;
    }
}

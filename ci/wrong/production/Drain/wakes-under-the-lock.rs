//! Waiters are woken while the lock is held. Caught by `Drain::wakes_without_holding_the_lock`, which says "lock".

impl Shared {
    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Requests)) {
        let mut requests = self.requests();
        change(&mut requests);
        self.changed.notify_waiters();
    }

    async fn wait_until(&self, is_over: impl Fn(&Requests) -> bool) {
        loop {
            // Made before the look at the state, it is woken by whatever changes after that.
            let changed = self.changed.notified();
            if is_over(&self.requests()) {
                return;
            }
            changed.await;
        }
    }
}

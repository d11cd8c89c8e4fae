//! Waiters are woken by each call, also when it changes nothing. Caught by `Drain::every_waiter_is_woken`, which says "by every call, and not by changes".

impl Shared {
    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Requests)) {
        change(&mut self.requests());
        self.changed.notify_waiters();
    }

    async fn wait_until(&self, is_over: impl Fn(&Requests) -> bool) {
        loop {
            let changed = self.changed.notified();
            if is_over(&self.requests()) {
                return;
            }
            changed.await;
        }
    }
}

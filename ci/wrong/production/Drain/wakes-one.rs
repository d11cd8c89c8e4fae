//! One waiter is woken. Caught by `Drain::every_waiter_is_woken`, which says "as by `notify_one`".

impl Shared {
    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Requests)) {
        change(&mut self.requests());
        self.changed.notify_one();
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

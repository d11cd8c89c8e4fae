//! It looks at the state, and listens after that. Caught by `Drain::no_wake_up_is_lost`, which says "lost".

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
            if is_over(&self.requests()) {
                return;
            }
            self.changed.notified().await;
        }
    }
}

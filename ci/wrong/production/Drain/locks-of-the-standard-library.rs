//! The lock is one of the standard library. Caught by `Drain::no_wake_up_is_lost`, which says "comes from `crate::sync`".

#[derive(Default)]
struct Shared {
    requests: std::sync::Mutex<Requests>,
    changed: Notify,
}

impl Shared {
    fn requests(&self) -> std::sync::MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Requests)) {
        change(&mut self.requests());
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

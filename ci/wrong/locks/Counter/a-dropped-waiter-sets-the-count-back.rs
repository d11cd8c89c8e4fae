//! An update that is dropped, even while it waits for its turn, sets the count back to what it was when the update began. Caught by `Counter::a_dropped_update_does_not_stop_the_others`, which says "puts back the count with which it began".

struct Rollback<'a> {
    count: &'a AtomicU64,
    before: u64,
    is_done: bool,
}

impl Drop for Rollback<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            self.count.store(self.before, Relaxed);
        }
    }
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: AtomicU64::new(count),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    pub fn get(&self) -> u64 {
        self.count.load(Relaxed)
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let mut rollback = Rollback {
            count: &self.count,
            before: self.get(),
            is_done: false,
        };
        let _turn = self.turn.lock().await;
        let count = change(self.get()).await;
        self.count.store(count, Relaxed);
        rollback.is_done = true;
        count
    }
}

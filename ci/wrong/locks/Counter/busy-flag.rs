//! A flag keeps other updates out, and a statement after the `.await` resets it. Caught by `Counter::a_dropped_update_changes_nothing`, which says "a guard's destructor".

use std::sync::atomic::AtomicBool;

pub struct Counter {
    count: AtomicU64,
    busy: AtomicBool,
    released: tokio::sync::Notify,
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: AtomicU64::new(count),
            busy: AtomicBool::new(false),
            released: tokio::sync::Notify::new(),
        }
    }

    pub fn get(&self) -> u64 {
        self.count.load(Relaxed)
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        while self.busy.swap(true, Relaxed) {
            self.released.notified().await;
        }
        let count = change(self.get()).await;
        self.count.store(count, Relaxed);
        self.busy.store(false, Relaxed);
        self.released.notify_one();
        count
    }
}

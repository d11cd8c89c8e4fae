//! A flag keeps the others out, and a line behind the `.await` takes it down. Caught by `Counter::a_dropped_update_changes_nothing`, which says "a guard's `drop` does".

use std::sync::atomic::AtomicBool;

pub struct Counter {
    count: AtomicU64,
    busy: AtomicBool,
    over: tokio::sync::Notify,
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: AtomicU64::new(count),
            busy: AtomicBool::new(false),
            over: tokio::sync::Notify::new(),
        }
    }

    pub fn get(&self) -> u64 {
        self.count.load(Relaxed)
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        while self.busy.swap(true, Relaxed) {
            self.over.notified().await;
        }
        let count = change(self.get()).await;
        self.count.store(count, Relaxed);
        self.busy.store(false, Relaxed);
        self.over.notify_one();
        count
    }
}

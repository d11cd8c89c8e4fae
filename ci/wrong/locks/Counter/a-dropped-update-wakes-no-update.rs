//! An update that is dropped while it runs releases its turn and does not wake those that wait for it. Caught by `Counter::a_dropped_update_does_not_stop_the_others`, which says "does not wake those that wait".

use std::sync::atomic::AtomicBool;

pub struct Counter {
    count: AtomicU64,
    is_updated: AtomicBool,
    updated: tokio::sync::Notify,
}

struct Turn<'a>(&'a Counter);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.is_updated.store(false, Relaxed);
    }
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: AtomicU64::new(count),
            is_updated: AtomicBool::new(false),
            updated: tokio::sync::Notify::new(),
        }
    }

    pub fn get(&self) -> u64 {
        self.count.load(Relaxed)
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        while self.is_updated.swap(true, Relaxed) {
            self.updated.notified().await;
        }
        let turn = Turn(self);
        let count = change(self.get()).await;
        self.count.store(count, Relaxed);
        drop(turn);
        self.updated.notify_one();
        count
    }
}

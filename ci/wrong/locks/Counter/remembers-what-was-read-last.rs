//! During an update, `get` returns the count that the `get` before it found. Caught by `Counter::reading_sees_the_last_finished_update`, which says "remembered when it could be read last".

pub struct Counter {
    count: tokio::sync::Mutex<u64>,
    seen: AtomicU64,
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: tokio::sync::Mutex::new(count),
            seen: AtomicU64::new(count),
        }
    }

    pub fn get(&self) -> u64 {
        if let Ok(count) = self.count.try_lock() {
            self.seen.store(*count, Relaxed);
        }
        self.seen.load(Relaxed)
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let mut count = self.count.lock().await;
        *count = change(*count).await;
        *count
    }
}

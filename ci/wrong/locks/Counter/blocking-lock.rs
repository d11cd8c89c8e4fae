//! `blocking_lock` reads the count, and must not be called inside the loop. Caught by `Counter::reading_waits_for_nobody`, which says "while the thread is being used to drive asynchronous tasks".

pub struct Counter {
    count: tokio::sync::Mutex<u64>,
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: tokio::sync::Mutex::new(count),
        }
    }

    pub fn get(&self) -> u64 {
        *self.count.blocking_lock()
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let mut count = self.count.lock().await;
        *count = change(*count).await;
        *count
    }
}

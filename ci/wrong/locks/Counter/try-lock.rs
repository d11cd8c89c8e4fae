//! The count is inside the lock that is held across the `.await`, so reading it fails during an update. Caught by `Counter::reading_never_waits`, which says "must not be inside the lock".

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
        self.count.try_lock().map_or(0, |count| *count)
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let mut count = self.count.lock().await;
        *count = change(*count).await;
        *count
    }
}

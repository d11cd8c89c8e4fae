//! The guard of a plain mutex is held across the `.await`, and whoever reads stops the thread. Caught by `Counter::reading_waits_for_nobody`, which says "Hangs".

use std::sync::Mutex as Plain;

pub struct Counter {
    count: Plain<u64>,
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: Plain::new(count),
        }
    }

    pub fn get(&self) -> u64 {
        *self.count.lock().unwrap()
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let mut count = self.count.lock().unwrap();
        *count = change(*count).await;
        *count
    }
}

//! Holds the guard of a `std` mutex across the `.await`, so a reader blocks the thread. Caught by `Counter::reading_never_waits`, which says "Hangs".

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

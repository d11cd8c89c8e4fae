//! Adds the difference at the end, which is right for sums only. Caught by `Counter::each_update_starts_with_the_previous_result`, which says "right for sums and wrong for everything else".

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
        let before = self.get();
        let after = change(before).await;
        let mut count = self.count.lock().unwrap();
        *count += after - before;
        *count
    }
}

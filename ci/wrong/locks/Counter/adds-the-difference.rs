//! What the update has changed is added at the end, so sums come out right. Caught by `Counter::each_begins_with_what_the_one_before_has_left`, which says "works for sums and for nothing else".

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

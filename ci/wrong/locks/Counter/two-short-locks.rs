//! Locks to read and again to write, with the `.await` in between. Caught by `Counter::no_update_is_lost_in_any_order`, which says "a lost update".

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
        let before = *self.count.lock().unwrap();
        let count = change(before).await;
        *self.count.lock().unwrap() = count;
        count
    }
}

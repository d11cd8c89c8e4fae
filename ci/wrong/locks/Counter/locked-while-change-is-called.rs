//! A lock of the count is held while `change` is called, and a `change` that reads the count waits forever. Caught by `Counter::an_update_may_read_the_count`, which says "lock` of a `std::sync::Mutex` that is".

pub struct Counter {
    count: std::sync::Mutex<u64>,
    turn: tokio::sync::Mutex<()>,
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: std::sync::Mutex::new(count),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    pub fn get(&self) -> u64 {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let _turn = self.turn.lock().await;
        let changing = change(*self.count.lock().unwrap_or_else(PoisonError::into_inner));
        let count = changing.await;
        *self.count.lock().unwrap_or_else(PoisonError::into_inner) = count;
        count
    }
}

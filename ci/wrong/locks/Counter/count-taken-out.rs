//! Takes the count out for the update, and puts it back at the end. Caught by `Counter::a_dropped_update_changes_nothing`, which says "put back at the end".

pub struct Counter {
    count: AtomicU64,
    turn: tokio::sync::Mutex<()>,
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: AtomicU64::new(count),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    pub fn get(&self) -> u64 {
        self.count.load(Relaxed)
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let _turn = self.turn.lock().await;
        let count = change(self.count.swap(0, Relaxed)).await;
        self.count.store(count, Relaxed);
        count
    }
}

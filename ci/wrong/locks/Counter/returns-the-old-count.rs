//! Returns the count from before the update. Caught by `Counter::returns_the_new_count`, which says "the old count is returned".

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
        let count = change(self.get()).await;
        self.count.swap(count, Relaxed)
    }
}

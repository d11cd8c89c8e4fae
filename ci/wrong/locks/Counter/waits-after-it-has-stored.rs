//! Lets other tasks run between storing the new count and returning it. Caught by `Counter::a_dropped_update_changes_nothing`, which says "after it has stored the new count".

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
        let turn = self.turn.lock().await;
        let count = change(self.get()).await;
        self.count.store(count, Relaxed);
        drop(turn);
        tokio::task::yield_now().await;
        count
    }
}

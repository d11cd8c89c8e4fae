//! Keeps the count in 32 bits. Caught by `Counter::returns_the_new_count`, which says "in another type than `u64`".

pub struct Counter {
    count: std::sync::atomic::AtomicU32,
    turn: tokio::sync::Mutex<()>,
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: (count as u32).into(),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    pub fn get(&self) -> u64 {
        self.count.load(Relaxed).into()
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let _turn = self.turn.lock().await;
        let count = change(self.get()).await;
        self.count.store(count as u32, Relaxed);
        count
    }
}

//! Its guard does nothing while the thread panics, so no update can start after a panic. Caught by `Counter::a_panic_ends_one_update_only`, which says "does not run when `change` panics".

pub struct Counter {
    count: AtomicU64,
    turn: tokio::sync::Semaphore,
}

struct Turn<'a>(&'a Counter);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.0.turn.add_permits(1);
        }
    }
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: AtomicU64::new(count),
            turn: tokio::sync::Semaphore::new(1),
        }
    }

    pub fn get(&self) -> u64 {
        self.count.load(Relaxed)
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let turn = self.turn.acquire().await;
        turn.expect("it is never closed").forget();
        let _turn = Turn(self);
        let count = change(self.get()).await;
        self.count.store(count, Relaxed);
        count
    }
}

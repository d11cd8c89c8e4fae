//! Hands the turn to the update that has waited longest, also if that was dropped. Caught by `Counter::a_dropped_update_does_not_stop_the_others`, which says "also if that was dropped".

use std::collections::VecDeque;
use tokio::sync::oneshot;

pub struct Counter {
    count: AtomicU64,
    turns: std::sync::Mutex<(bool, VecDeque<oneshot::Sender<()>>)>,
}

struct Turn<'a>(&'a Counter);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let (taken, waiting) = &mut *self.0.turns.lock().unwrap();
        match waiting.pop_front() {
            Some(next) => drop(next.send(())),
            None => *taken = false,
        }
    }
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: AtomicU64::new(count),
            turns: std::sync::Mutex::default(),
        }
    }

    pub fn get(&self) -> u64 {
        self.count.load(Relaxed)
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let _turn = self.turn().await;
        let count = change(self.get()).await;
        self.count.store(count, Relaxed);
        count
    }

    async fn turn(&self) -> Turn<'_> {
        let (tx, rx) = oneshot::channel();
        let waits = {
            let (taken, waiting) = &mut *self.turns.lock().unwrap();
            if *taken {
                waiting.push_back(tx);
            }
            std::mem::replace(taken, true)
        };
        if waits {
            let _ = rx.await;
        }
        Turn(self)
    }
}

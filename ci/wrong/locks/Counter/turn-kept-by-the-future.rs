//! The future keeps the turn until it is dropped. Caught by `Counter::a_finished_update_keeps_no_turn`, which says "still has the turn".

use std::task::ready;

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

    pub fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> impl Future<Output = u64> {
        let mut updating = Box::pin(async {
            let turn = self.turn.lock().await;
            let count = change(self.get()).await;
            self.count.store(count, Relaxed);
            (count, turn)
        });
        let mut kept = None;
        poll_fn(move |cx| {
            let (count, turn) = ready!(updating.as_mut().poll(cx));
            kept = Some(turn);
            Poll::Ready(count)
        })
    }
}

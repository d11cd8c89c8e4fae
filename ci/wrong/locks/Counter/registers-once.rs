//! A lock by hand that keeps the waker of the first poll. Caught by `Counter::wakes_the_latest_waker`, which says "the waker of the first poll was kept".

pub struct Counter {
    count: AtomicU64,
    turn: Mutex<Turn>,
}

#[derive(Default)]
struct Turn {
    is_taken: bool,
    last_id: u64,
    waiting: BTreeMap<u64, Waker>,
}

impl Counter {
    pub fn new(count: u64) -> Self {
        Self {
            count: AtomicU64::new(count),
            turn: Mutex::default(),
        }
    }

    pub fn get(&self) -> u64 {
        self.count.load(Relaxed)
    }

    pub async fn update(&self, change: impl AsyncFnOnce(u64) -> u64) -> u64 {
        let id = {
            let mut turn = self.turn.lock().unwrap();
            turn.last_id += 1;
            turn.last_id
        };
        poll_fn(|cx| {
            let mut turn = self.turn.lock().unwrap();
            if !std::mem::replace(&mut turn.is_taken, true) {
                return Poll::Ready(());
            }
            turn.waiting.entry(id).or_insert_with(|| cx.waker().clone());
            Poll::Pending
        })
        .await;
        let _release = OnDrop(|| {
            let mut turn = self.turn.lock().unwrap();
            turn.is_taken = false;
            let waiting = std::mem::take(&mut turn.waiting);
            drop(turn);
            waiting.into_values().for_each(Waker::wake);
        });
        let count = change(self.get()).await;
        self.count.store(count, Relaxed);
        count
    }
}

//! The first caller waits for the delay and makes the trip, inside a future that may be dropped. Caught by `Batcher::who_leaves_stops_nobody`, which says "a part of one caller's future".

pub struct Batcher<F> {
    state: Arc<Wishes<F>>,
}

struct Wishes<F> {
    size: usize,
    delay: Duration,
    trip: F,
    next: Mutex<Vec<(u32, oneshot::Sender<String>)>>,
}

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    pub fn new(size: usize, delay: Duration, trip: F) -> Self {
        let next = Mutex::default();
        Self {
            state: Arc::new(Wishes {
                size,
                delay,
                trip,
                next,
            }),
        }
    }

    pub async fn get(&self, key: u32) -> Option<String> {
        let (sender, receiver) = oneshot::channel();
        let (first, full) = {
            let mut next = self.state.next.lock().unwrap();
            next.push((key, sender));
            (next.len() == 1, next.len() == self.state.size)
        };
        if first && !full {
            sleep(self.state.delay).await;
        }
        if first || full {
            let batch = std::mem::take(&mut *self.state.next.lock().unwrap());
            Arc::clone(&self.state).ask(batch).await;
        }
        receiver.await.ok()
    }
}

impl<F, R> Wishes<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    async fn ask(self: Arc<Self>, batch: Vec<(u32, oneshot::Sender<String>)>) {
        let mut keys: Vec<u32> = batch.iter().map(|wish| wish.0).collect();
        keys.sort_unstable();
        keys.dedup();
        let answers = (self.trip)(keys.clone()).await;
        for (key, caller) in batch {
            let at = keys.iter().position(|other| *other == key).unwrap();
            let _ = caller.send(answers[at].clone());
        }
    }
}

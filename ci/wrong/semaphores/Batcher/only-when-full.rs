//! There is no delay: a batch goes out when it is full, or never. Caught by `Batcher::goes_out_at_its_delay_at_the_latest`, which says "only when it is full".

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
        let mut state = self.state.next.lock().unwrap();
        {
            let next = &mut *state;
            next.push((key, sender));
            let mut different: Vec<u32> = next.iter().map(|wish| wish.0).collect();
            different.sort_unstable();
            different.dedup();
            if different.len() >= self.state.size {
                let full = std::mem::take(next);
                tokio::spawn(Arc::clone(&self.state).ask(full));
            }
        }
        let _never_used = self.state.delay;
        drop(state);
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

//! Each caller makes a trip of their own. Caught by `Batcher::trips_are_as_few_as_possible`, which says "goes out before it is full".

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
        let _never_used = (self.state.size, self.state.delay, &self.state.next);
        tokio::spawn(Arc::clone(&self.state).ask(vec![(key, sender)]));
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

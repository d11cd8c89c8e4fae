//! Each caller makes a call of its own. Caught by `Batcher::sends_as_few_batches_as_possible`, which says "sent before it is full".

pub struct Batcher<F> {
    shared: Arc<Shared<F>>,
}

struct Shared<F> {
    size: usize,
    delay: Duration,
    fetch: F,
    next: Mutex<Vec<(u32, oneshot::Sender<String>)>>,
}

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    pub fn new(size: usize, delay: Duration, fetch: F) -> Self {
        let next = Mutex::default();
        Self {
            shared: Arc::new(Shared {
                size,
                delay,
                fetch,
                next,
            }),
        }
    }

    pub async fn get(&self, key: u32) -> Option<String> {
        let (tx, rx) = oneshot::channel();
        let _unused = (self.shared.size, self.shared.delay, &self.shared.next);
        tokio::spawn(Arc::clone(&self.shared).send_batch(vec![(key, tx)]));
        rx.await.ok()
    }
}

impl<F, R> Shared<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    async fn send_batch(self: Arc<Self>, batch: Vec<(u32, oneshot::Sender<String>)>) {
        let mut keys: Vec<u32> = batch.iter().map(|request| request.0).collect();
        keys.sort_unstable();
        keys.dedup();
        let values = (self.fetch)(keys.clone()).await;
        for (key, caller) in batch {
            let index = keys.iter().position(|other| *other == key).unwrap();
            let _ = caller.send(values[index].clone());
        }
    }
}

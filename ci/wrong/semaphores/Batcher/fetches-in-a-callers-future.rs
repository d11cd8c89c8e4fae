//! The first caller waits for the delay and makes the call, within a future that may be dropped. Caught by `Batcher::a_cancelled_caller_does_not_stop_the_call`, which says "within the future of one caller".

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
        let (first, full) = {
            let mut next = self.shared.next.lock().unwrap();
            next.push((key, tx));
            (next.len() == 1, next.len() == self.shared.size)
        };
        if first && !full {
            sleep(self.shared.delay).await;
        }
        if first || full {
            let batch = std::mem::take(&mut *self.shared.next.lock().unwrap());
            Arc::clone(&self.shared).send_batch(batch).await;
        }
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

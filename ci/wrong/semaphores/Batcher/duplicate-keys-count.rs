//! A key counts once for each of its callers. Caught by `Batcher::callers_with_the_same_key_share_it`, which says "counts once for each caller".

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
        let mut waiting = self.shared.next.lock().unwrap();
        {
            let next = &mut *waiting;
            next.push((key, tx));
            if next.len() >= self.shared.size {
                let full = std::mem::take(next);
                tokio::spawn(Arc::clone(&self.shared).send_batch(full));
            }
        }
        if waiting.len() == 1 {
            let for_task = Arc::clone(&self.shared);
            tokio::spawn(async move {
                sleep(for_task.delay).await;
                let due = std::mem::take(&mut *for_task.next.lock().unwrap());
                if !due.is_empty() {
                    Arc::clone(&for_task).send_batch(due).await;
                }
            });
        }
        drop(waiting);
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
        keys.rotate_left(0);
        let values = (self.fetch)(keys.clone()).await;
        for (key, caller) in batch {
            let index = keys.iter().position(|other| *other == key).unwrap();
            let _ = caller.send(values[index].clone());
        }
    }
}

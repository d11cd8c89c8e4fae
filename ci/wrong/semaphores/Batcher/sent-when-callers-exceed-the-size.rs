//! A batch is sent when it has more callers than `size`, even if they share keys. Caught by `Batcher::each_batch_has_its_size_or_waits_for_its_delay`, which says "before it has `size` different keys".

use std::collections::HashMap;

pub struct Batcher<F> {
    inner: Arc<Inner<F>>,
}

struct Inner<F> {
    size: usize,
    delay: Duration,
    fetch: F,
    open: Mutex<Option<Open>>,
    numbers: std::sync::atomic::AtomicU64,
}

struct Open {
    number: u64,
    due: Instant,
    /// In the order of their first callers.
    keys: Vec<u32>,
    waiting: HashMap<u32, usize>,
    result: tokio::sync::watch::Sender<Option<Option<HashMap<u32, String>>>>,
}

/// Withdraws a key when its caller is cancelled.
struct Withdraw<'a, F>(&'a Inner<F>, u64, u32);

impl<F> Drop for Withdraw<'_, F> {
    fn drop(&mut self) {
        let mut open = self.0.open.lock().unwrap();
        let Some(batch) = open.as_mut().filter(|batch| batch.number == self.1) else {
            return;
        };
        let left = batch.waiting.get_mut(&self.2).unwrap();
        *left -= 1;
        if *left == 0 {
            batch.waiting.remove(&self.2);
            batch.keys.retain(|key| *key != self.2);
        }
        if batch.keys.is_empty() {
            *open = None;
        }
    }
}

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    pub fn new(size: usize, delay: Duration, fetch: F) -> Self {
        Self {
            inner: Arc::new(Inner {
                size,
                delay,
                fetch,
                open: Mutex::new(None),
                numbers: 0.into(),
            }),
        }
    }

    pub async fn get(&self, key: u32) -> Option<String> {
        let inner = &self.inner;
        let (number, mut result) = {
            let mut open = inner.open.lock().unwrap();
            let batch = open.get_or_insert_with(|| {
                let number = inner.numbers.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let due = Instant::now() + inner.delay;
                tokio::spawn(Arc::clone(inner).send_at(due, number));
                Open {
                    number,
                    due,
                    keys: Vec::new(),
                    waiting: HashMap::new(),
                    result: tokio::sync::watch::channel(None).0,
                }
            });
            if !batch.keys.contains(&key) {
                batch.keys.push(key);
            }
            *batch.waiting.entry(key).or_default() += 1;
            let number = batch.number;
            let result = batch.result.subscribe();
            if batch.keys.len() >= inner.size || batch.result.receiver_count() > inner.size {
                let batch = open.take().unwrap();
                tokio::spawn(Arc::clone(inner).send(batch));
            }
            (number, result)
        };
        let _withdraw = Withdraw(inner, number, key);
        let values = result.wait_for(Option::is_some).await.ok()?;
        values.as_ref()?.as_ref()?.get(&key).cloned()
    }
}

impl<F, R> Inner<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    async fn send_at(self: Arc<Self>, due: Instant, number: u64) {
        sleep_until(due).await;
        let batch = {
            let mut open = self.open.lock().unwrap();
            if open.as_ref().is_some_and(|batch| batch.number == number) {
                open.take()
            } else {
                None
            }
        };
        if let Some(batch) = batch {
            tokio::spawn(Arc::clone(&self).send(batch));
        }
    }

    async fn send(self: Arc<Self>, batch: Open) {
        let values = (self.fetch)(batch.keys.clone()).await;
        let values = batch.keys.iter().copied().zip(values).collect();
        batch.result.send_replace(Some(Some(values)));
    }
}

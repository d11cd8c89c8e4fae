//! The delay is rounded to whole milliseconds. Caught by `Batcher::sends_a_batch_after_its_delay`, which says "the delay is rounded".

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    pub fn new(size: usize, delay: Duration, fetch: F) -> Self {
        Self {
            shared: Arc::new(Shared {
                size,
                delay: Duration::from_millis(delay.as_millis() as u64),
                fetch,
                next: Mutex::default(),
            }),
        }
    }

    pub async fn get(&self, key: u32) -> Option<String> {
        let value = self.shared.request(key);
        value.await.ok()
    }
}

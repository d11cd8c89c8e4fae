//! A key is kept in two bytes. Caught by `Batcher::a_key_may_be_any_number_and_occur_again`, which says "the wrong caller".

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    pub fn new(size: usize, delay: Duration, fetch: F) -> Self {
        Self {
            shared: Arc::new(Shared {
                size,
                delay,
                fetch,
                next: Mutex::default(),
            }),
        }
    }

    pub async fn get(&self, key: u32) -> Option<String> {
        let value = self.shared.request(key & 0xffff);
        value.await.ok()
    }
}

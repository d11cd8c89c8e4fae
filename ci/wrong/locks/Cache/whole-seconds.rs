//! Ages are compared in whole seconds. Caught by `Cache::a_page_is_cached_while_it_is_fresh`, which says "rounded down to seconds".

impl Cache {
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            entries: Mutex::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let entry = self.entry(path);
        let mut cached = entry.lock().await;
        if let Some(cached) = &*cached
            && cached.arrived.elapsed().as_secs() < self.fresh_for.as_secs()
        {
            return Ok(cached.page.clone());
        }
        let page = self.client.get(path).await?;
        *cached = Some(Cached {
            page: page.clone(),
            arrived: Instant::now(),
        });
        Ok(page)
    }

    fn entry(&self, path: &str) -> Arc<Entry> {
        let mut entries = self.entries.lock().expect("the lock is poisoned");
        entries.entry(path.to_owned()).or_default().clone()
    }
}

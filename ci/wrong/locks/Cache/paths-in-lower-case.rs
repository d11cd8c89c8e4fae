//! Takes paths that differ in their case for the same page. Caught by `Cache::similar_paths_are_different_pages`, which says "of another path".

#[derive(Debug)]
pub struct Cache {
    client: Client,
    fresh_for: Duration,
    entries: Mutex<HashMap<String, Arc<Entry>>>,
}

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
            && cached.arrived.elapsed() < self.fresh_for
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
        entries.entry(path.to_lowercase()).or_default().clone()
    }
}

//! Empties the cache when it has a hundred pages, fresh or not. Caught by `Cache::any_number_of_pages_is_cached`, which says "to keep the cache small".

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
        if entries.len() >= 100 && !entries.contains_key(path) {
            entries.clear();
        }
        entries.entry(path.to_owned()).or_default().clone()
    }
}

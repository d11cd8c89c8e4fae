//! The download is a task, so it continues when its caller is dropped. Caught by `Cache::a_dropped_leader_is_replaced`, which says "the download continues without its caller".

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
        let (client, owned) = (self.client.clone(), path.to_owned());
        let download = tokio::spawn(async move { client.get(&owned).await });
        let page = download.await.unwrap()?;
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

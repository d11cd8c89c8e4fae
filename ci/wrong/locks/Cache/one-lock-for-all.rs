//! Holds one lock for all pages during a download. Caught by `Cache::paths_do_not_wait_for_each_other`, which says "one lock for all pages".

pub struct Cache {
    client: Client,
    fresh_for: Duration,
    cached: tokio::sync::Mutex<HashMap<String, Cached>>,
}

impl Cache {
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            cached: Default::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let mut all = self.cached.lock().await;
        if let Some(cached) = all.get(path)
            && cached.arrived.elapsed() < self.fresh_for
        {
            return Ok(cached.page.clone());
        }
        let page = self.client.get(path).await?;
        let cached = Cached {
            page: page.clone(),
            arrived: Instant::now(),
        };
        all.insert(path.to_owned(), cached);
        Ok(page)
    }
}

//! One lock around all pages is held during a download. Caught by `Cache::paths_do_not_wait_for_each_other`, which says "one lock around all pages".

pub struct Cache {
    client: Client,
    fresh_for: Duration,
    kept: tokio::sync::Mutex<HashMap<String, Kept>>,
}

impl Cache {
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            kept: Default::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let mut all = self.kept.lock().await;
        if let Some(kept) = all.get(path)
            && kept.since.elapsed() < self.fresh_for
        {
            return Ok(kept.page.clone());
        }
        let page = self.client.get(path).await?;
        let kept = Kept {
            page: page.clone(),
            since: Instant::now(),
        };
        all.insert(path.to_owned(), kept);
        Ok(page)
    }
}

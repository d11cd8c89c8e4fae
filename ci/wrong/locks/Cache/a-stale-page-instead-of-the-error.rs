//! Returns the page that is no longer fresh if the download of a new one fails. Caught by `Cache::each_call_returns_what_the_contract_says`, which says "instead of the error".

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
        let page = match (self.client.get(path).await, &*cached) {
            (Ok(page), _) => page,
            (Err(_), Some(stale)) => return Ok(stale.page.clone()),
            (Err(error), None) => return Err(error),
        };
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

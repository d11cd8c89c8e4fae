//! Caches every outcome, including errors. Caught by `Cache::an_error_is_not_cached`, which says "the error is cached like a page".

pub struct Cache {
    client: Client,
    fresh_for: Duration,
    entries: Mutex<HashMap<String, Arc<Outcomes>>>,
}

type Outcomes = tokio::sync::Mutex<Option<(Result<Page, WebError>, Instant)>>;

impl Cache {
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            entries: Mutex::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let entry = {
            let mut entries = self.entries.lock().unwrap();
            entries.entry(path.to_owned()).or_default().clone()
        };
        let mut cached = entry.lock().await;
        if let Some((outcome, arrived)) = &*cached
            && arrived.elapsed() < self.fresh_for
        {
            return outcome.clone();
        }
        let outcome = self.client.get(path).await;
        *cached = Some((outcome.clone(), Instant::now()));
        outcome
    }
}

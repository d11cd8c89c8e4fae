//! Callers that arrive during a download get the page of the one before. Caught by `Cache::a_stale_page_is_not_returned_during_a_download`, which says "while a new one is being downloaded".

pub struct Cache {
    client: Client,
    fresh_for: Duration,
    entries: Mutex<HashMap<String, Arc<Entry>>>,
    latest: Mutex<HashMap<String, Page>>,
}

type Entry = tokio::sync::Mutex<Option<Cached>>;

struct Cached {
    page: Page,
    arrived: Instant,
}

impl Cache {
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            entries: Mutex::default(),
            latest: Mutex::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        let entry = self.entry(path);
        let latest = self.latest.lock().unwrap().get(path).cloned();
        let mut cached = match (entry.try_lock(), latest) {
            (Ok(cached), _) => cached,
            (Err(_), Some(page)) => return Ok(page),
            (Err(_), None) => entry.lock().await,
        };
        if let Some(cached) = &*cached
            && cached.arrived.elapsed() < self.fresh_for
        {
            return Ok(cached.page.clone());
        }
        let page = self.client.get(path).await?;
        let mut latest = self.latest.lock().unwrap();
        latest.insert(path.to_owned(), page.clone());
        drop(latest);
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

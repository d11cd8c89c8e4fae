//! A download that fails or is dropped removes the entry, although other callers are waiting at it. Caught by `Cache::a_dropped_caller_does_not_stop_the_others`, which says "while other callers are waiting at it".

pub struct Cache {
    client: Client,
    fresh_for: Duration,
    entries: Mutex<HashMap<String, Arc<Entry>>>,
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
        let not_finished = OnDrop(|| {
            self.entries.lock().unwrap().remove(path);
        });
        let page = self.client.get(path).await?;
        std::mem::forget(not_finished);
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

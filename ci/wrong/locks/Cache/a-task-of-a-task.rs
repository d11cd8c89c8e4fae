//! A task is aborted with its caller, and the task in which it downloads is not. Caught by `Cache::a_dropped_caller_leaves_no_download`, which says "the download was spawned".

use tokio_util::task::AbortOnDropHandle;

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
        let task = tokio::spawn(async move {
            let download = tokio::spawn(async move { client.get(&owned).await });
            download.await.unwrap()
        });
        let page = AbortOnDropHandle::new(task).await.unwrap()?;
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

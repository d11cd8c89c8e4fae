//! A set names the downloads in progress and a `Notify` wakes the waiters, both reset by statements after the `.await`. Caught by `Cache::a_dropped_leader_is_replaced`, which says "still names a download in progress".

pub struct Cache {
    client: Client,
    fresh_for: Duration,
    cached: Mutex<HashMap<String, Cached>>,
    in_progress: Mutex<std::collections::HashSet<String>>,
    finished: tokio::sync::Notify,
}

impl Cache {
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            cached: Mutex::default(),
            in_progress: Mutex::default(),
            finished: tokio::sync::Notify::new(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        loop {
            let finished = self.finished.notified();
            if let Some(cached) = self.cached.lock().unwrap().get(path)
                && cached.arrived.elapsed() < self.fresh_for
            {
                return Ok(cached.page.clone());
            }
            if self.in_progress.lock().unwrap().insert(path.to_owned()) {
                break;
            }
            finished.await;
        }
        let outcome = self.client.get(path).await;
        if let Ok(page) = &outcome {
            let cached = Cached {
                page: page.clone(),
                arrived: Instant::now(),
            };
            self.cached.lock().unwrap().insert(path.to_owned(), cached);
        }
        self.in_progress.lock().unwrap().remove(path);
        self.finished.notify_waiters();
        outcome
    }
}

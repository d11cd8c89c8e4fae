//! A set says who downloads, and a bell wakes those who wait: both by a line behind the `.await`. Caught by `Cache::a_leader_who_leaves_hands_over`, which says "is not told when that somebody leaves".

pub struct Cache {
    client: Client,
    fresh_for: Duration,
    kept: Mutex<HashMap<String, Kept>>,
    under_way: Mutex<std::collections::HashSet<String>>,
    over: tokio::sync::Notify,
}

impl Cache {
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            kept: Mutex::default(),
            under_way: Mutex::default(),
            over: tokio::sync::Notify::new(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        loop {
            let over = self.over.notified();
            if let Some(kept) = self.kept.lock().unwrap().get(path)
                && kept.since.elapsed() < self.fresh_for
            {
                return Ok(kept.page.clone());
            }
            if self.under_way.lock().unwrap().insert(path.to_owned()) {
                break;
            }
            over.await;
        }
        let outcome = self.client.get(path).await;
        if let Ok(page) = &outcome {
            let kept = Kept {
                page: page.clone(),
                since: Instant::now(),
            };
            self.kept.lock().unwrap().insert(path.to_owned(), kept);
        }
        self.under_way.lock().unwrap().remove(path);
        self.over.notify_waiters();
        outcome
    }
}

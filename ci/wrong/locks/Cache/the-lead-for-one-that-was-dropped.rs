//! Lets the caller that has waited longest download next, also if it was dropped. Caught by `Cache::a_dropped_caller_does_not_stop_the_others`, which says "was dropped as well".

use std::collections::VecDeque;
use tokio::sync::oneshot;

pub struct Cache {
    client: Client,
    fresh_for: Duration,
    cached: Mutex<HashMap<String, Cached>>,
    /// For each path that is being downloaded, those that wait for it.
    waiting: Mutex<HashMap<String, VecDeque<oneshot::Sender<()>>>>,
}

struct Lead<'a> {
    cache: &'a Cache,
    path: &'a str,
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let mut waiting = self.cache.waiting.lock().unwrap();
        let Some(next) = waiting.get_mut(self.path).and_then(VecDeque::pop_front) else {
            waiting.remove(self.path);
            return;
        };
        drop(waiting);
        let _ = next.send(());
    }
}

impl Cache {
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            cached: Mutex::default(),
            waiting: Mutex::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, WebError> {
        if let Some(page) = self.fresh(path) {
            return Ok(page);
        }
        let turn = {
            let mut waiting = self.waiting.lock().unwrap();
            match waiting.get_mut(path) {
                Some(waiting) => {
                    let (tx, rx) = oneshot::channel();
                    waiting.push_back(tx);
                    Some(rx)
                }
                None => {
                    waiting.insert(path.to_owned(), VecDeque::new());
                    None
                }
            }
        };
        if let Some(turn) = turn {
            let _ = turn.await;
        }
        let _lead = Lead { cache: self, path };
        if let Some(page) = self.fresh(path) {
            return Ok(page);
        }
        let page = self.client.get(path).await?;
        let cached = Cached {
            page: page.clone(),
            arrived: Instant::now(),
        };
        self.cached.lock().unwrap().insert(path.to_owned(), cached);
        Ok(page)
    }

    fn fresh(&self, path: &str) -> Option<Page> {
        let cached = self.cached.lock().unwrap();
        let cached = cached.get(path)?;
        (cached.arrived.elapsed() < self.fresh_for).then(|| cached.page.clone())
    }
}

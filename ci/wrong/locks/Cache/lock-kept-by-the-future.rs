//! The future keeps the lock of its page until it is dropped. Caught by `Cache::a_finished_call_keeps_no_lock`, which says "still has the lock of the page".

use std::task::ready;

impl Cache {
    pub fn new(client: Client, fresh_for: Duration) -> Self {
        Self {
            client,
            fresh_for,
            entries: Mutex::default(),
        }
    }

    pub fn get(&self, path: &str) -> impl Future<Output = Result<Page, WebError>> {
        let mut getting = Box::pin(async move {
            let mut cached = self.entry(path).lock_owned().await;
            if let Some(fresh) = &*cached
                && fresh.arrived.elapsed() < self.fresh_for
            {
                return (Ok(fresh.page.clone()), cached);
            }
            let downloaded = self.client.get(path).await;
            if let Ok(page) = &downloaded {
                *cached = Some(Cached {
                    page: page.clone(),
                    arrived: Instant::now(),
                });
            }
            (downloaded, cached)
        });
        let mut kept = None;
        poll_fn(move |cx| {
            let (page, cached) = ready!(getting.as_mut().poll(cx));
            kept = Some(cached);
            Poll::Ready(page)
        })
    }

    fn entry(&self, path: &str) -> Arc<Entry> {
        let mut entries = self.entries.lock().expect("the lock is poisoned");
        entries.entry(path.to_owned()).or_default().clone()
    }
}

//! Something else is awaited when a replacement has been marked as seen. Caught by `Reload::every_watcher_is_woken`, which says "something else is awaited".

impl<T> Watcher<T> {
    pub async fn changed(&mut self) -> Option<Arc<T>> {
        self.config.changed().await.ok()?;
        tokio::task::yield_now().await;
        Some(Arc::clone(&self.config.borrow_and_update()))
    }
}

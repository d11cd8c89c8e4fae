//! A watcher looks for the end before it looks for a replacement. Caught by `Reload::a_watcher_sees_each_replacement_once`, which says "looked at before the replacement".

impl<T> Watcher<T> {
    pub async fn changed(&mut self) -> Option<Arc<T>> {
        // An error: the sender was dropped.
        self.config.has_changed().ok()?;
        self.config.changed().await.ok()?;
        Some(Arc::clone(&self.config.borrow_and_update()))
    }
}

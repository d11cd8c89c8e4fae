//! What `changed` returns is not marked as seen. Caught by `Reload::a_watcher_sees_each_replacement_once`, which says "not marked as seen".

impl<T> Watcher<T> {
    pub async fn changed(&mut self) -> Option<Arc<T>> {
        let mut changes = self.config.clone();
        changes.changed().await.ok()?;
        Some(Arc::clone(&self.config.borrow()))
    }
}

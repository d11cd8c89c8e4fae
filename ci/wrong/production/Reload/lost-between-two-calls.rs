//! A replacement is lost on a watcher that does not wait. Caught by `Reload::a_watcher_sees_each_replacement_once`, which says "is lost on a watcher".

impl<T> Watcher<T> {
    pub async fn changed(&mut self) -> Option<Arc<T>> {
        self.config.mark_unchanged();
        self.config.changed().await.ok()?;
        Some(Arc::clone(&self.config.borrow_and_update()))
    }
}

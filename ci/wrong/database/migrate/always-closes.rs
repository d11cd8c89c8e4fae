//! Closes the connection in all cases. Caught by `migrate::applies_what_is_missing_in_order`, which says "closed although nothing was wrong".

impl<C: MigrationConnection> LockedConnection<C> {
    fn get(&mut self) -> &mut C {
        self.0.as_mut().expect("only the last call takes it")
    }

    /// Releases the lock and gives the connection back to its pool. If that fails, the connection is closed.
    async fn unlock(mut self) {
        let _ = self.get().unlock().await;
    }
}

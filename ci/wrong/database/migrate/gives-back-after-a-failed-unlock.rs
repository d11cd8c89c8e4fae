//! Gives the connection back although `unlock` has failed. Caught by `migrate::errors_of_other_calls`, which says "although `unlock` has failed".

impl<C: MigrationConnection> LockedConnection<C> {
    fn get(&mut self) -> &mut C {
        self.0.as_mut().expect("only the last call takes it")
    }

    /// Releases the lock and gives the connection back to its pool. If that fails, the connection is closed.
    async fn unlock(mut self) {
        let _ = self.get().unlock().await;
        self.0 = None;
    }
}

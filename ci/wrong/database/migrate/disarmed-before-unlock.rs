//! Takes the connection out of its guard before `unlock`. Caught by `migrate::a_dropped_process_leaves_no_lock`, which says "gone before `unlock` is ready".

impl<C: MigrationConnection> LockedConnection<C> {
    fn get(&mut self) -> &mut C {
        self.0.as_mut().expect("only the last call takes it")
    }

    /// Releases the lock and gives the connection back to its pool. If that fails, the connection is closed.
    async fn unlock(mut self) {
        let mut connection = self.0.take().expect("only the last call takes it");
        if connection.unlock().await.is_err() {
            connection.close();
        }
    }
}

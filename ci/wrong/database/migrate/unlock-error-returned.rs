//! Returns the error of `unlock`. Caught by `migrate::errors_of_other_calls`, which says "the error of `unlock` replaces the result".

impl<C: MigrationConnection> LockedConnection<C> {
    fn get(&mut self) -> &mut C {
        self.0.as_mut().expect("only the last call takes it")
    }

    /// Releases the lock and gives the connection back to its pool. If that fails, the connection is closed.
    async fn unlock(mut self) -> Result<(), DbError> {
        self.get().unlock().await?;
        self.0 = None;
        Ok(())
    }
}

pub async fn migrate<P: Pool<Connection: MigrationConnection>>(
    pool: &P,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    for pair in migrations.windows(2) {
        if pair[1].version <= pair[0].version {
            return Err(MigrateError::NotAscending(pair[1].version));
        }
    }
    let mut connection = LockedConnection(Some(pool.acquire().await?));
    connection.get().lock().await?;
    let result = apply_missing(connection.get(), migrations).await;
    connection.unlock().await?;
    result
}

//! Gives the connection back although `lock` has failed. Caught by `migrate::errors_of_other_calls`, which says "although `lock` has failed".

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
    if let Err(error) = connection.get().lock().await {
        connection.0 = None;
        return Err(error.into());
    }
    let result = apply_missing(connection.get(), migrations).await;
    connection.unlock().await;
    result
}

//! Makes the guard when `lock` has returned. Caught by `migrate::a_dropped_process_leaves_no_lock`, which says "only when `lock` has returned".

pub async fn migrate<P: Pool<Connection: MigrationConnection>>(
    pool: &P,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    for pair in migrations.windows(2) {
        if pair[1].version <= pair[0].version {
            return Err(MigrateError::NotAscending(pair[1].version));
        }
    }
    let mut connection = pool.acquire().await?;
    if let Err(error) = connection.lock().await {
        connection.close();
        return Err(error.into());
    }
    let mut connection = LockedConnection(Some(connection));
    let result = apply_missing(connection.get(), migrations).await;
    connection.unlock().await;
    result
}

//! Closes the connection only where a call has failed. Caught by `migrate::a_dropped_process_leaves_no_lock`, which says "or none".

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
    let result = apply_missing(&mut connection, migrations).await;
    match connection.unlock().await {
        Ok(()) => drop(connection),
        Err(_) => connection.close(),
    }
    result
}

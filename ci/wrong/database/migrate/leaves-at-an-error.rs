//! Leaves the function at an error without `unlock`. Caught by `migrate::refuses_a_schema_with_another_history`, which says "before the lock is released".

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
    connection.lock().await?;
    let count = apply_missing(&mut connection, migrations).await?;
    match connection.unlock().await {
        Ok(()) => drop(connection),
        Err(_) => connection.close(),
    }
    Ok(count)
}

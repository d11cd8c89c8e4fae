//! Returns at once if the list is empty. Caught by `migrate::applies_what_is_missing_in_order`, which says "before it acquires a connection".

pub async fn migrate<P: Pool<Connection: MigrationConnection>>(
    pool: &P,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    if migrations.is_empty() {
        return Ok(0);
    }
    for pair in migrations.windows(2) {
        if pair[1].version <= pair[0].version {
            return Err(MigrateError::NotAscending(pair[1].version));
        }
    }
    let mut connection = LockedConnection(Some(pool.acquire().await?));
    connection.get().lock().await?;
    let result = apply_missing(connection.get(), migrations).await;
    connection.unlock().await;
    result
}

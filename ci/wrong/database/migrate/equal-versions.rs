//! Allows equal versions. Caught by `migrate::refuses_a_list_that_is_not_ascending`, which says "two equal versions are allowed".

pub async fn migrate<P: Pool<Connection: MigrationConnection>>(
    pool: &P,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    for pair in migrations.windows(2) {
        if pair[1].version < pair[0].version {
            return Err(MigrateError::NotAscending(pair[1].version));
        }
    }
    let mut connection = LockedConnection(Some(pool.acquire().await?));
    connection.get().lock().await?;
    let result = apply_missing(connection.get(), migrations).await;
    connection.unlock().await;
    result
}

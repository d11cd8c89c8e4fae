//! Checks the list when it has the connection. Caught by `migrate::refuses_a_list_that_is_not_ascending`, which says "when the connection is there".

pub async fn migrate<P: Pool<Connection: MigrationConnection>>(
    pool: &P,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    let mut connection = LockedConnection(Some(pool.acquire().await?));
    for pair in migrations.windows(2) {
        if pair[1].version <= pair[0].version {
            connection.0 = None;
            return Err(MigrateError::NotAscending(pair[1].version));
        }
    }
    connection.get().lock().await?;
    let result = apply_missing(connection.get(), migrations).await;
    connection.unlock().await;
    result
}

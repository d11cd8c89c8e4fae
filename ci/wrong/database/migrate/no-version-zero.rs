//! Takes 0 for the version before the first one. Caught by `migrate::applies_what_is_missing_in_order`, which says "compared with 0".

pub async fn migrate<P: Pool<Connection: MigrationConnection>>(
    pool: &P,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    let mut last = 0;
    for migration in migrations {
        if migration.version <= last {
            return Err(MigrateError::NotAscending(migration.version));
        }
        last = migration.version;
    }
    let mut connection = LockedConnection(Some(pool.acquire().await?));
    connection.get().lock().await?;
    let result = apply_missing(connection.get(), migrations).await;
    connection.unlock().await;
    result
}

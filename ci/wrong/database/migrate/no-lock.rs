//! Takes no lock. Caught by `migrate::applies_what_is_missing_in_order`, which says "before the lock is held".

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
    let result = apply_missing(connection.get(), migrations).await;
    drop(connection.0.take());
    result
}

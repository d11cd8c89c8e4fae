//! If `unlock` fails after another error, the connection is given back. Caught by `migrate::a_failure_keeps_what_was_applied`, which says "although `unlock` has failed".

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
    if result.is_ok() {
        connection.unlock().await;
    } else {
        let _ = connection.get().unlock().await;
        connection.0 = None;
    }
    result
}

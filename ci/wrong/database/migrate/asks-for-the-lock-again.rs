//! After a conflict, `lock` is called again. Caught by `migrate::errors_of_other_calls`, which says "is made again".

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
    let mut locked = connection.get().lock().await;
    if locked == Err(DbError::Conflict) {
        locked = connection.get().lock().await;
    }
    locked?;
    let result = apply_missing(connection.get(), migrations).await;
    connection.unlock().await;
    result
}

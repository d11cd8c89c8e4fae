//! Asks for what has been applied before it has the lock. Caught by `migrate::applies_what_is_missing_in_order`, which says "before the lock is held".

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
    let applied = connection.get().applied().await?;
    connection.get().lock().await?;
    let result = apply_missing(connection.get(), migrations, applied).await;
    connection.unlock().await;
    result
}

async fn apply_missing(
    connection: &mut impl MigrationConnection,
    migrations: &[Migration],
    applied: Vec<(u64, u64)>,
) -> Result<usize, MigrateError> {
    let find = |version| migrations.binary_search_by_key(&version, |migration| migration.version);
    for (version, checksum) in &applied {
        match find(*version) {
            Ok(at) if migrations[at].checksum == *checksum => {}
            Ok(_) => return Err(MigrateError::Changed(*version)),
            Err(_) => return Err(MigrateError::Unknown(*version)),
        }
    }
    let is_applied = |migration: &&Migration| {
        let version = applied.binary_search_by_key(&migration.version, |(version, _)| *version);
        version.is_ok()
    };
    let mut count = 0;
    for migration in migrations.iter().filter(|one| !is_applied(one)) {
        let done = connection.apply(migration).await;
        done.map_err(|error| MigrateError::Failed(migration.version, error))?;
        count += 1;
    }
    Ok(count)
}

//! Counts all migrations, also those that another process has applied. Caught by `migrate::applies_what_is_missing_in_order`, which says "the number of migrations that were applied".

async fn apply_missing(
    connection: &mut impl MigrationConnection,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    let applied = connection.applied().await?;
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
    let _ = count;
    Ok(migrations.len())
}

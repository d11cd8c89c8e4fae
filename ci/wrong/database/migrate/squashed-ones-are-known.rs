//! Applied versions lower than the first one of the list are ignored. Caught by `migrate::refuses_a_schema_with_another_history`, which says "lower than the first one of the list".

async fn apply_missing(
    connection: &mut impl MigrationConnection,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    let applied = connection.applied().await?;
    let find = |version| migrations.binary_search_by_key(&version, |migration| migration.version);
    let first = migrations.first().map_or(0, |migration| migration.version);
    for (version, checksum) in applied.iter().filter(|(version, _)| *version >= first) {
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

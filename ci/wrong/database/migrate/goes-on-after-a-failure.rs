//! Applies the rest although a migration has failed. Caught by `migrate::a_failure_keeps_what_was_applied`, which says "the calls should be".

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
    let (mut count, mut first) = (0, None);
    for migration in migrations.iter().filter(|one| !is_applied(one)) {
        let done = connection.apply(migration).await;
        match done {
            Ok(()) => count += 1,
            Err(error) => {
                first.get_or_insert(MigrateError::Failed(migration.version, error));
            }
        }
    }
    match first {
        Some(error) => Err(error),
        None => Ok(count),
    }
}

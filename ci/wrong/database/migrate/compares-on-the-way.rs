//! Compares a version when its turn has come. Caught by `migrate::refuses_a_schema_with_another_history`, which says "before the first one is applied".

async fn apply_missing(
    connection: &mut impl MigrationConnection,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    let mut applied = connection.applied().await?.into_iter().peekable();
    let mut count = 0;
    for migration in migrations {
        if let Some((version, _)) = applied.next_if(|(version, _)| *version < migration.version) {
            return Err(MigrateError::Unknown(version));
        }
        match applied.next_if(|(version, _)| *version == migration.version) {
            Some((_, checksum)) if checksum == migration.checksum => {}
            Some((version, _)) => return Err(MigrateError::Changed(version)),
            None => {
                let done = connection.apply(migration).await;
                done.map_err(|error| MigrateError::Failed(migration.version, error))?;
                count += 1;
            }
        }
    }
    match applied.next() {
        Some((version, _)) => Err(MigrateError::Unknown(version)),
        None => Ok(count),
    }
}

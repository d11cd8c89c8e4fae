//! The guard is made when `begin` has succeeded. Caught by `transaction::ends_once_when_dropped`, which says "`begin` is awaited before there is a guard".

pub async fn transaction<D: Database, T>(
    database: &Arc<Mutex<D>>,
    tasks: &TaskTracker,
    work: impl AsyncFnOnce(&mut D) -> Result<T, DbError>,
) -> Result<T, DbError> {
    let mut database = Arc::clone(database).lock_owned().await;
    database.begin().await?;
    let mut transaction = Transaction {
        database: Some(database),
        tasks,
    };
    let Some(database) = &mut transaction.database else {
        unreachable!("only `end` takes it");
    };
    let worked = work(database).await;
    let end = match worked {
        Ok(_) => End::Commit,
        Err(_) => End::Rollback,
    };
    if let Some(task) = transaction.end(end) {
        let ended = task.await.unwrap();
        if worked.is_ok() {
            ended?;
        }
    }
    worked
}

//! The guard is told about the commit when that is over. Caught by `transaction::ends_once_when_dropped`, which says "what was committed is rolled back as well".

pub async fn transaction<D: Database, T>(
    database: &Arc<Mutex<D>>,
    tasks: &TaskTracker,
    work: impl AsyncFnOnce(&mut D) -> Result<T, DbError>,
) -> Result<T, DbError> {
    let mut transaction = Transaction {
        database: Some(Arc::clone(database).lock_owned().await),
        tasks,
    };
    let Some(database) = &mut transaction.database else {
        unreachable!("only `end` takes it");
    };
    if let Err(error) = database.begin().await {
        transaction.database = None;
        return Err(error);
    }
    let worked = work(database).await;
    if worked.is_err() {
        if let Some(task) = transaction.end(End::Rollback) {
            let _ = task.await;
        }
        return worked;
    }
    if let Some(database) = &mut transaction.database
        && let Err(error) = database.commit().await
    {
        if let Some(task) = transaction.end(End::Rollback) {
            let _ = task.await;
        }
        return Err(error);
    }
    transaction.database = None;
    worked
}

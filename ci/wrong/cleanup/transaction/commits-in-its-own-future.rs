//! The future awaits the commit itself, and takes it along when it is dropped. Caught by `transaction::ends_once_when_dropped`, which says "awaited by the future that is dropped".

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
    if let Some(mut database) = transaction.database.take()
        && let Err(error) = database.commit().await
    {
        let _ = database.rollback().await;
        return Err(error);
    }
    worked
}

//! The function rolls back, and so does the destructor. Caught by `transaction::ends_once_when_dropped`, which says "again by a destructor".

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
        if let Some(database) = &mut transaction.database {
            let _ = database.rollback().await;
        }
        return worked;
    }
    if let Some(task) = transaction.end(End::Commit) {
        task.await.unwrap()?;
    }
    worked
}

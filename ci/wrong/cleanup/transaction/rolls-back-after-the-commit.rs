//! The destructor rolls back whatever came before. Caught by `transaction::commits_if_the_work_succeeds`, which says "although the transaction is committed".

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
    worked
}

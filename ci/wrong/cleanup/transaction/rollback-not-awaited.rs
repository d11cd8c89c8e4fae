//! A failed transaction is left to the destructor, and the error returned at once. Caught by `transaction::rolls_back_if_the_work_fails`, which says "left to a task that the function does not wait for".

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
    if worked.is_ok()
        && let Some(task) = transaction.end(End::Commit)
    {
        task.await.unwrap()?;
    }
    worked
}

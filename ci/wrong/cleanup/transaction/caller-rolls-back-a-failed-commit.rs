//! When the commit has failed, the future spawns the rollback. Caught by `transaction::when_dropped_a_failed_commit_is_rolled_back`, which says "the task that commits does not roll back".

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
    let mut database = transaction.database.take().unwrap();
    let commit = tasks.spawn(async move { (database.commit().await, database) });
    let (committed, database) = commit.await.unwrap();
    if let Err(error) = committed {
        transaction.database = Some(database);
        if let Some(task) = transaction.end(End::Rollback) {
            let _ = task.await;
        }
        return Err(error);
    }
    worked
}

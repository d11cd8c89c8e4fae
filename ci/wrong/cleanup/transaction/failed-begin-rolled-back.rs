//! The destructor does not know that `begin` has failed. Caught by `transaction::a_failed_begin_is_not_rolled_back`, which says "does not know that `begin` has failed".

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
    database.begin().await?;
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

//! A commit is awaited for a second at most. Caught by `transaction::commits_if_the_work_succeeds`, which says "does not wait for the end of `commit`".

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
        unreachable!()
    };
    if let Err(error) = database.begin().await {
        transaction.database = None;
        return Err(error);
    }
    let worked = work(database).await;
    let end = match worked {
        Ok(_) => End::Commit,
        Err(_) => End::Rollback,
    };
    if let Some(task) = transaction.end(end) {
        let ended = timeout(Duration::from_secs(1), task).await;
        if let Ok(Ok(Err(error))) = ended
            && worked.is_ok()
        {
            return Err(error);
        }
    }
    worked
}

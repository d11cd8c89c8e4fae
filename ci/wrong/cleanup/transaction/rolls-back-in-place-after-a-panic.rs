//! Catches the panic of the work, and awaits the rollback in the future of the caller. Caught by `transaction::ends_once_when_dropped_after_a_panic`, which says "awaited by the future that is dropped".

pub async fn transaction<D: Database, T>(
    database: &Arc<Mutex<D>>,
    tasks: &TaskTracker,
    work: impl AsyncFnOnce(&mut D) -> Result<T, DbError>,
) -> Result<T, DbError> {
    // Made before `begin` is called: the server may have begun although the answer never arrives.
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
    let worked = std::panic::AssertUnwindSafe(work(database));
    let worked = match futures::FutureExt::catch_unwind(worked).await {
        Ok(worked) => worked,
        Err(payload) => {
            if let Some(mut database) = transaction.database.take() {
                let _ = database.rollback().await;
            }
            std::panic::resume_unwind(payload);
        }
    };
    let end = match worked {
        Ok(_) => End::Commit,
        Err(_) => End::Rollback,
    };
    if let Some(task) = transaction.end(end) {
        let ended = task.await.expect("a database does not panic");
        if worked.is_ok() {
            ended?;
        }
    }
    worked
}

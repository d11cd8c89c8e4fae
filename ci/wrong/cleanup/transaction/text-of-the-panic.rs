//! A panic is continued with its text, and other payloads are lost. Caught by `transaction::a_panic_is_passed_on_and_rolled_back`, which says "the payload was another one".

use futures::FutureExt;
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
    let worked = match std::panic::AssertUnwindSafe(work(database))
        .catch_unwind()
        .await
    {
        Ok(worked) => worked,
        Err(payload) => match payload.downcast::<&'static str>() {
            Ok(text) => std::panic::resume_unwind(text),
            Err(payload) => match payload.downcast::<String>() {
                Ok(text) => std::panic::resume_unwind(text),
                Err(_) => panic!("the work panicked"),
            },
        },
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

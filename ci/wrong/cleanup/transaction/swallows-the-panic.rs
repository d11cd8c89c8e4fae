//! A panic of the work becomes an error. Caught by `transaction::a_panic_is_passed_on_and_rolled_back`, which says "caught and not continued".

use std::panic::AssertUnwindSafe;

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
        unreachable!("only `end` takes it");
    };
    if let Err(error) = database.begin().await {
        transaction.database = None;
        return Err(error);
    }
    let worked = AssertUnwindSafe(work(database)).catch_unwind().await;
    let worked = worked.unwrap_or_else(|_| Err(DbError("the work panicked".to_owned())));
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

//! After an error of `begin`, the future keeps the lock until it is dropped. Caught by `transaction::a_finished_transaction_keeps_no_lock`, which says "the lock is kept in a field of the future".

use std::future::poll_fn;
use std::task::{Poll, ready};

pub fn transaction<D: Database, T>(
    database: &Arc<Mutex<D>>,
    tasks: &TaskTracker,
    work: impl AsyncFnOnce(&mut D) -> Result<T, DbError>,
) -> impl Future<Output = Result<T, DbError>> {
    let mut running = Box::pin(async move {
        let mut transaction = Transaction {
            database: Some(Arc::clone(database).lock_owned().await),
            tasks,
        };
        let Some(locked) = &mut transaction.database else {
            unreachable!("only `end` takes it");
        };
        if let Err(error) = locked.begin().await {
            return (Err(error), transaction.database.take());
        }
        let worked = work(locked).await;
        let end = match worked {
            Ok(_) => End::Commit,
            Err(_) => End::Rollback,
        };
        if let Some(task) = transaction.end(end) {
            let ended = task.await.expect("a database does not panic");
            if worked.is_ok()
                && let Err(error) = ended
            {
                return (Err(error), None);
            }
        }
        (worked, None)
    });
    let mut kept = None;
    poll_fn(move |cx| {
        let (result, lock) = ready!(running.as_mut().poll(cx));
        kept = lock;
        Poll::Ready(result)
    })
}

//! The task hands the lock to the caller, which releases it when it is polled. Caught by `transaction::the_lock_does_not_wait_for_the_caller`, which says "Drop the guard in the task".

impl<D: Database> Transaction<'_, D> {
    fn end(&mut self, end: End) -> Option<JoinHandle<(Result<(), DbError>, OwnedMutexGuard<D>)>> {
        let mut database = self.database.take()?;
        Some(self.tasks.spawn(async move {
            let committed = match end {
                End::Commit => database.commit().await,
                End::Rollback => {
                    let rolled_back = database.rollback().await;
                    return (rolled_back, database);
                }
            };
            if committed.is_err() {
                let _ = database.rollback().await;
            }
            (committed, database)
        }))
    }
}

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
    let worked = work(database).await;
    let end = match worked {
        Ok(_) => End::Commit,
        Err(_) => End::Rollback,
    };
    if let Some(task) = transaction.end(end) {
        let (ended, _lock) = task.await.expect("a database does not panic");
        if worked.is_ok() {
            ended?;
        }
    }
    worked
}

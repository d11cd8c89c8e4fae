//! The database is unlocked between a commit that fails and its rollback. Caught by `transaction::transactions_of_many_callers_do_not_mix`, which says "the lock is released before the end".

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
        let ended = task.await.expect("a database does not panic");
        if worked.is_ok() {
            ended?;
        }
    }
    worked
}

impl<D: Database> Transaction<'_, D> {
    fn end(&mut self, end: End) -> Option<JoinHandle<Result<(), DbError>>> {
        let mut database = self.database.take()?;
        let mutex = Arc::clone(OwnedMutexGuard::mutex(&database));
        Some(self.tasks.spawn(async move {
            let committed = match end {
                End::Commit => database.commit().await,
                End::Rollback => return database.rollback().await,
            };
            drop(database);
            if committed.is_err() {
                let _ = mutex.lock_owned().await.rollback().await;
            }
            committed
        }))
    }
}

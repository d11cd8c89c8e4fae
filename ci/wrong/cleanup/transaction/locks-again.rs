//! The task that rolls back locks the database again. Caught by `transaction::transactions_of_many_callers_do_not_mix`, which says "a task that locks again".

pub async fn transaction<D: Database, T>(
    database: &Arc<Mutex<D>>,
    tasks: &TaskTracker,
    work: impl AsyncFnOnce(&mut D) -> Result<T, DbError>,
) -> Result<T, DbError> {
    let mutex = Arc::clone(database);
    let mut transaction = Relocking {
        database: Some(Arc::clone(database).lock_owned().await),
        mutex,
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
    let mut database = transaction.database.take().unwrap();
    let commits = worked.is_ok();
    let end = tasks.spawn(async move {
        let committed = match commits {
            true => database.commit().await,
            false => return database.rollback().await,
        };
        if committed.is_err() {
            let _ = database.rollback().await;
        }
        committed
    });
    let ended = end.await.unwrap();
    if worked.is_ok() {
        ended?;
    }
    worked
}

struct Relocking<'a, D: Database> {
    database: Option<OwnedMutexGuard<D>>,
    mutex: Arc<Mutex<D>>,
    tasks: &'a TaskTracker,
}

impl<D: Database> Drop for Relocking<'_, D> {
    fn drop(&mut self) {
        if self.database.take().is_some() {
            let mutex = Arc::clone(&self.mutex);
            self.tasks.spawn(async move {
                let _ = mutex.lock().await.rollback().await;
            });
        }
    }
}

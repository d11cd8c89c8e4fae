//! The task that ends the transaction is not one of the tracker. Caught by `transaction::a_panic_is_passed_on_and_rolled_back`, which says "is not one of the tracker".

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

impl<D: Database> Transaction<'_, D> {
    fn end(&mut self, end: End) -> Option<JoinHandle<Result<(), DbError>>> {
        let mut database = self.database.take()?;
        let _ = self.tasks;
        Some(tokio::spawn(async move {
            let committed = match end {
                End::Commit => database.commit().await,
                End::Rollback => return database.rollback().await,
            };
            if committed.is_err() {
                let _ = database.rollback().await;
            }
            committed
        }))
    }
}

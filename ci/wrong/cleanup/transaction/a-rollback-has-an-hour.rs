//! Gives up a rollback after an hour. Caught by `transaction::rolls_back_if_the_work_fails`, which says "rollback ends at".

impl<D: Database> Transaction<'_, D> {
    fn end(&mut self, end: End) -> Option<JoinHandle<Result<(), DbError>>> {
        let mut database = self.database.take()?;
        Some(self.tasks.spawn(async move {
            let committed = match end {
                End::Commit => database.commit().await,
                End::Rollback => {
                    let rollback = timeout(Duration::from_secs(3600), database.rollback());
                    return rollback.await.unwrap_or(Ok(()));
                }
            };
            if committed.is_err() {
                let _ = database.rollback().await;
            }
            committed
        }))
    }
}

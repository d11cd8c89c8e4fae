//! It rolls back only at the end of the function. Caught by `transaction::a_panic_is_passed_on_and_rolled_back`, which says "nothing rolls back when the work panics".

pub async fn transaction<D: Database, T>(
    database: &Arc<Mutex<D>>,
    tasks: &TaskTracker,
    work: impl AsyncFnOnce(&mut D) -> Result<T, DbError>,
) -> Result<T, DbError> {
    let mut database = database.lock().await;
    database.begin().await?;
    let value = match work(&mut *database).await {
        Ok(value) => value,
        Err(error) => {
            let _ = database.rollback().await;
            return Err(error);
        }
    };
    if let Err(error) = database.commit().await {
        let _ = database.rollback().await;
        return Err(error);
    }
    let _ = tasks;
    Ok(value)
}

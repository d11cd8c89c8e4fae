//! Aborts the others after an error, but none when it is dropped. Caught by `try_join_tasks::dropping_the_future_stops_all_jobs`, which says "which detaches its task".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let tasks: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
    let aborts: Vec<_> = tasks.iter().map(|task| task.abort_handle()).collect();
    let results = tasks.into_iter().map(|task| async {
        match task.await {
            Ok(outcome) => outcome,
            Err(panicked) => resume_unwind(panicked.into_panic()),
        }
    });
    let outcome = futures::future::try_join_all(results).await;
    for task in aborts {
        task.abort();
    }
    outcome
}

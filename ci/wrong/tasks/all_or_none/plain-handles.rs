//! Aborts the others after an error, and no one if it is dropped. Caught by `all_or_none::a_dropped_answer_stops_all_jobs`, which says "which detaches its task".

pub async fn all_or_none<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let tasks: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
    let all: Vec<_> = tasks.iter().map(|task| task.abort_handle()).collect();
    let finished = tasks.into_iter().map(|task| async {
        match task.await {
            Ok(outcome) => outcome,
            Err(panicked) => resume_unwind(panicked.into_panic()),
        }
    });
    let outcome = futures::future::try_join_all(finished).await;
    for task in all {
        task.abort();
    }
    outcome
}

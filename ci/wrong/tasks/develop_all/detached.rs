//! Keeps plain handles, which detach when they are dropped. Caught by `develop_all::a_dropped_answer_stops_all_jobs`, which says "which detaches its task".

pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
    match futures::future::try_join_all(tasks).await {
        Ok(results) => results,
        Err(error) => resume_unwind(error.into_panic()),
    }
}

//! Awaits each task before it spawns the next one. Caught by `develop_all::jobs_overlap`, which says "before the next one was spawned".

pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut results = Vec::new();
    for job in jobs {
        let task = AbortOnDropHandle::new(tokio::spawn(job));
        match task.await {
            Ok(result) => results.push(result),
            Err(error) => resume_unwind(error.into_panic()),
        }
    }
    results
}

//! Each job is spawned in a task that is aborted, and runs on. Caught by `join_in_order::a_panic_stops_the_other_jobs`, which says "every job should be stopped".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let jobs: Vec<_> = jobs
        .into_iter()
        .map(|j| async move {
            match tokio::spawn(j).await {
                Ok(o) => o,
                Err(e) => resume_unwind(e.into_panic()),
            }
        })
        .collect();
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok(o) => outputs.push(o),
            Err(e) => resume_unwind(payload(e)),
        }
    }
    in_order(outputs)
}

//! Awaits the handles in input order, so a panic is seen only after the jobs before it. Caught by `join_in_order::panics_at_the_instant_of_the_job`, which says "awaited in input order".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = jobs
        .into_iter()
        .map(|job| AbortOnDropHandle::new(tokio::spawn(job)))
        .collect();
    let mut outputs = Vec::new();
    for task in tasks {
        outputs.push(
            task.await
                .unwrap_or_else(|error| resume_unwind(error.into_panic())),
        );
    }
    outputs
}

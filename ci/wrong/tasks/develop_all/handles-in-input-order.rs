//! Awaits the handles one after the other, so a panic waits for those in front of it. Caught by `develop_all::a_panic_goes_on_at_its_instant`, which says "awaited in input order".

pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = jobs
        .into_iter()
        .map(|job| AbortOnDropHandle::new(tokio::spawn(job)))
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(
            task.await
                .unwrap_or_else(|error| resume_unwind(error.into_panic())),
        );
    }
    results
}

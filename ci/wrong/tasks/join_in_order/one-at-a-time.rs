//! Awaits each task before it spawns the next one. Caught by `join_in_order::jobs_overlap`, which says "before the next one was spawned".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut outputs = Vec::new();
    for job in jobs {
        let task = AbortOnDropHandle::new(tokio::spawn(job));
        match task.await {
            Ok(output) => outputs.push(output),
            Err(error) => resume_unwind(error.into_panic()),
        }
    }
    outputs
}

//! Yields after every 64 jobs that it spawns, and has handles that detach until it has spawned all. Caught by `join_in_order::dropping_the_future_stops_any_number_of_jobs`, which says "and was polled once".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut handles = Vec::with_capacity(jobs.len());
    for (index, job) in jobs.into_iter().enumerate() {
        handles.push(tokio::spawn(async move { (index, job.await) }));
        if index % 64 == 63 {
            tokio::task::yield_now().await;
        }
    }
    let mut tasks: JoinSet<(usize, T)> = JoinSet::new();
    for handle in handles {
        let task = AbortOnDropHandle::new(handle);
        tasks.spawn(async move {
            match task.await {
                Ok(output) => output,
                Err(error) => resume_unwind(error.into_panic()),
            }
        });
    }
    let mut outputs = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok(output) => outputs.push(output),
            Err(error) => resume_unwind(payload(error)),
        }
    }
    in_order(outputs)
}

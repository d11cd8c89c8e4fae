//! Detaches the jobs when one has failed, and then aborts them one by one. Caught by `try_join_tasks::dropping_the_future_stops_all_jobs`, which says "still running".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    use futures::stream::{FuturesUnordered, StreamExt};
    let mut tasks: Vec<_> = jobs
        .into_iter()
        .map(|job| AbortOnDropHandle::new(tokio::spawn(job)))
        .collect();
    let mut outputs = Vec::new();
    let failed = {
        let mut running: FuturesUnordered<_> = tasks
            .iter_mut()
            .enumerate()
            .map(|(place, task)| async move { (place, task.await) })
            .collect();
        loop {
            match running.next().await {
                None => break None,
                Some((place, Ok(Ok(output)))) => outputs.push((place, output)),
                Some((place, Ok(Err(error)))) => break Some((place, Ok(error))),
                Some((place, Err(error))) => break Some((place, Err(error))),
            }
        }
    };
    let Some((failed, failure)) = failed else {
        return Ok(in_order(outputs));
    };
    let done: Vec<usize> = outputs.iter().map(|(place, _)| *place).collect();
    let rest: Vec<_> = tasks
        .into_iter()
        .enumerate()
        .filter(|(place, _)| *place != failed && !done.contains(place))
        .map(|(_, task)| task.detach())
        .collect();
    for task in rest {
        task.abort();
        let _ = task.await;
    }
    match failure {
        Ok(error) => Err(error),
        Err(panicked) => resume_unwind(panicked.into_panic()),
    }
}

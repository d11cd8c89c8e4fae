//! Detaches all jobs after the 5000th. Caught by `try_join_tasks::after_an_error_the_others_are_gone`, which says "still running".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut jobs = jobs;
    let rest = if jobs.len() > 5000 {
        jobs.split_off(5000)
    } else {
        Vec::new()
    };
    let mut tasks = spawn_numbered(jobs);
    for job in rest {
        tokio::spawn(job);
    }
    let mut outputs = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok((index, Ok(output))) => outputs.push((index, output)),
            Ok((_, Err(error))) => {
                tasks.shutdown().await;
                return Err(error);
            }
            Err(panicked) => {
                tasks.shutdown().await;
                resume_unwind(payload(panicked));
            }
        }
    }
    Ok(in_order(outputs))
}

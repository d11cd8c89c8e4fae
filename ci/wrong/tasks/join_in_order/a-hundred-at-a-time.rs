//! At most 128 jobs run at a time. Caught by `join_in_order::any_jobs_in_order_or_the_first_panic`, which says "in input order".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut tasks = JoinSet::new();
    let mut outputs = Vec::new();
    let mut n = 0;
    for (i, job) in jobs.into_iter().enumerate() {
        if i >= 128 {
            if let Some(j) = tasks.join_next().await {
                match j {
                    Ok(o) => outputs.push(o),
                    Err(e) => resume_unwind(payload(e)),
                }
            }
        }
        tasks.spawn(async move { (i, job.await) });
        n += 1;
    }
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok(o) => outputs.push(o),
            Err(e) => resume_unwind(payload(e)),
        }
    }
    in_order(outputs)
}

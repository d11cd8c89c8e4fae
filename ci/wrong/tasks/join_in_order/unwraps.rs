//! Unwraps the join error. Caught by `join_in_order::panics_at_the_instant_of_the_job`, which says "the function should panic with".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        outputs.push(joined.unwrap());
    }
    in_order(outputs)
}

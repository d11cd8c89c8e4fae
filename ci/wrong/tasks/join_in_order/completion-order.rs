//! Returns the outputs in completion order. Caught by `join_in_order::keeps_the_input_order`, which says "in completion order".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut tasks: JoinSet<T> = jobs.into_iter().collect();
    let mut outputs = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        outputs.push(joined.unwrap_or_else(|error| resume_unwind(error.into_panic())));
    }
    outputs
}

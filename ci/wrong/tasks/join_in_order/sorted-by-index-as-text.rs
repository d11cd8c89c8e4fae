//! The outputs are sorted by their indices as texts. Caught by `join_in_order::any_jobs_in_order_or_the_first_panic`, which says "in input order".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok(o) => outputs.push(o),
            Err(e) => resume_unwind(payload(e)),
        }
    }
    outputs.sort_by_key(|(i, _)| i.to_string());
    outputs.into_iter().map(|(_, o)| o).collect()
}

//! The indices are bytes. Caught by `join_in_order::keeps_the_input_order`, which says "300 jobs end in reverse order".

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
    outputs.sort_by_key(|(i, _)| *i as u8);
    outputs.into_iter().map(|(_, o)| o).collect()
}

//! Expects at least one output. Caught by `join_in_order::no_jobs_give_an_empty_list`, which says "an empty list".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let count = jobs.len();
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    loop {
        let joined = tasks.join_next().await.expect("there is one more");
        match joined {
            Ok(output) => outputs.push(output),
            Err(error) => resume_unwind(error.into_panic()),
        }
        if outputs.len() == count {
            return in_order(outputs);
        }
    }
}

//! Expects at least one output. Caught by `try_join_tasks::no_jobs_give_an_empty_list`, which says "an empty list".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let count = jobs.len();
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    loop {
        match tasks.join_next().await.expect("there is one more") {
            Ok((index, Ok(output))) => outputs.push((index, output)),
            Ok((_, Err(error))) => {
                tasks.shutdown().await;
                return Err(error);
            }
            Err(panicked) => {
                tasks.shutdown().await;
                resume_unwind(panicked.into_panic());
            }
        }
        if outputs.len() == count {
            return Ok(in_order(outputs));
        }
    }
}

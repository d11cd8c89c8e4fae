//! Expects a first result. Caught by `all_or_none::no_jobs_are_all_done`, which says "something else".

pub async fn all_or_none<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let count = jobs.len();
    let mut tasks = numbered(jobs);
    let mut results = Vec::new();
    loop {
        match tasks.join_next().await.expect("there is one more") {
            Ok((place, Ok(result))) => results.push((place, result)),
            Ok((_, Err(error))) => {
                tasks.shutdown().await;
                return Err(error);
            }
            Err(panicked) => {
                tasks.shutdown().await;
                resume_unwind(panicked.into_panic());
            }
        }
        if results.len() == count {
            return Ok(in_order(results));
        }
    }
}

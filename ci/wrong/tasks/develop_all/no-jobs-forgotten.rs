//! Expects a first result. Caught by `develop_all::no_jobs_give_no_results`, which says "something else".

pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let count = jobs.len();
    let mut tasks = numbered(jobs);
    let mut results = Vec::new();
    loop {
        let ended = tasks.join_next().await.expect("there is one more");
        match ended {
            Ok(result) => results.push(result),
            Err(error) => resume_unwind(error.into_panic()),
        }
        if results.len() == count {
            return in_order(results);
        }
    }
}

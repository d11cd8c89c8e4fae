//! A panic aborts all other tasks. Caught by `join_named::tells_errors_panics_and_cancellations_apart`, which says "aborts the other tasks".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next_with_id().await {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) => {
                if error.is_panic() {
                    tasks.abort_all();
                }
                (error.id(), Err(failure(error)))
            }
        };
        outcomes.push((names[&id].clone(), outcome));
    }
    outcomes
}

//! The first error of a task ends the loop, as `?` would. Caught by `join_named::tells_errors_panics_and_cancellations_apart`, which says "the loop ends at the first failure".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::new();
    while let Some(joined) = tasks.join_next_with_id().await {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) => (error.id(), Err(failure(error))),
        };
        let stop = matches!(outcome, Err(TaskFailure::Failed(_)));
        outcomes.push((names[&id].clone(), outcome));
        if stop {
            break;
        }
    }
    outcomes
}

//! A task that was aborted is skipped, because it has neither a value nor an error. Caught by `join_named::tells_errors_panics_and_cancellations_apart`, which says "were aborted are left out".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next_with_id().await {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) if error.is_cancelled() => continue,
            Err(error) => (error.id(), Err(failure(error))),
        };
        outcomes.push((names[&id].clone(), outcome));
    }
    outcomes
}

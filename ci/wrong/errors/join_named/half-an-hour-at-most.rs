//! The wait ends when no task has ended for half an hour. Caught by `join_named::waits_for_all_tasks_whatever_fails`, which says "should return then".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::with_capacity(tasks.len());
    let limit = std::time::Duration::from_secs(1800);
    while let Ok(Some(joined)) = tokio::time::timeout(limit, tasks.join_next_with_id()).await {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) => (error.id(), Err(failure(error))),
        };
        outcomes.push((names[&id].clone(), outcome));
    }
    outcomes
}

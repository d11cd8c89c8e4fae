//! The set is asked every millisecond whether a task has ended. Caught by `join_named::waits_for_all_tasks_whatever_fails`, which says "should return then".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::with_capacity(tasks.len());
    while !tasks.is_empty() {
        let Some(joined) = tasks.try_join_next_with_id() else {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            continue;
        };
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) => (error.id(), Err(failure(error))),
        };
        outcomes.push((names[&id].clone(), outcome));
    }
    outcomes
}

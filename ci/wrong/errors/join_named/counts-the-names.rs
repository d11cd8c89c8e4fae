//! The loop runs once for each name, and there may be names of other tasks. Caught by `join_named::names_of_other_tasks_are_ignored`, which says "a value can be missing here".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::new();
    for _ in 0..names.len() {
        let (id, outcome) = match tasks.join_next_with_id().await.unwrap() {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) => (error.id(), Err(failure(error))),
        };
        outcomes.push((names[&id].clone(), outcome));
    }
    outcomes
}

//! A map from name to outcome keeps one of several tasks with the same name. Caught by `join_named::several_tasks_may_have_the_same_name`, which says "replace each other".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let (mut outcomes, mut order) = (HashMap::new(), Vec::new());
    while let Some(joined) = tasks.join_next_with_id().await {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) => (error.id(), Err(failure(error))),
        };
        order.push(names[&id].clone());
        outcomes.insert(names[&id].clone(), outcome);
    }
    let outcomes = order.into_iter().map(|name| outcomes.remove_entry(&name));
    outcomes.flatten().collect()
}

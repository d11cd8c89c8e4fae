//! The set is moved into a task that outlives the future. Caught by `join_named::dropping_it_aborts_the_tasks`, which says "moved into a task of its own".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let names = names.clone();
    let joining = tokio::spawn(async move {
        let mut outcomes = Vec::new();
        while let Some(joined) = tasks.join_next_with_id().await {
            let (id, outcome) = match joined {
                Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
                Err(error) => (error.id(), Err(failure(error))),
            };
            outcomes.push((names[&id].clone(), outcome));
        }
        outcomes
    });
    joining.await.unwrap()
}

//! The `JoinError` is formatted, which describes the task and not only the panic. Caught by `join_named::keeps_the_message_of_every_panic`, which says "the join error was formatted".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::new();
    while let Some(joined) = tasks.join_next_with_id().await {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) if error.is_cancelled() => (error.id(), Err(TaskFailure::Cancelled)),
            Err(error) => {
                let message = Some(error.to_string());
                (error.id(), Err(TaskFailure::Panicked(message)))
            }
        };
        outcomes.push((names[&id].clone(), outcome));
    }
    outcomes
}

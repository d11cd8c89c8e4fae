//! Only a payload that is a `String` is recognized. Caught by `join_named::keeps_the_message_of_every_panic`, which says "looks for a `String` only".

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
                let id = error.id();
                let message = error.into_panic().downcast_ref::<String>().cloned();
                (id, Err(TaskFailure::Panicked(message)))
            }
        };
        outcomes.push((names[&id].clone(), outcome));
    }
    outcomes
}

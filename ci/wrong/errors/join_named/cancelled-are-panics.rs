//! Every `JoinError` is taken for a panic without a message. Caught by `join_named::tells_errors_panics_and_cancellations_apart`, which says "not told apart".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::new();
    while let Some(joined) = tasks.join_next_with_id().await {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) => {
                let id = error.id();
                let payload = error.try_into_panic().ok();
                let message = payload.and_then(|payload| message(&*payload));
                (id, Err(TaskFailure::Panicked(message)))
            }
        };
        outcomes.push((names[&id].clone(), outcome));
    }
    outcomes
}

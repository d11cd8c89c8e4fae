//! An empty message is taken for no message. Caught by `join_named::keeps_the_message_of_every_panic`, which says "an empty message is taken for none".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::new();
    while let Some(joined) = tasks.join_next_with_id().await {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) => match (error.id(), failure(error)) {
                (id, TaskFailure::Panicked(text)) => {
                    let text = text.filter(|text| !text.is_empty());
                    (id, Err(TaskFailure::Panicked(text)))
                }
                (id, other) => (id, Err(other)),
            },
        };
        outcomes.push((names[&id].clone(), outcome));
    }
    outcomes
}

//! Only the first line of a panic's message is kept. Caught by `join_named::keeps_the_message_of_every_panic`, which says "only a part of the message".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next_with_id().await {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) => (error.id(), Err(failure(error))),
        };
        outcomes.push((names[&id].clone(), outcome));
    }
    outcomes
}

fn message(payload: &(dyn Any + Send)) -> Option<String> {
    let unformatted = payload.downcast_ref::<&str>().map(ToString::to_string);
    let message: Option<String> = unformatted.or_else(|| payload.downcast_ref().cloned());
    message.map(|message| message.lines().next().unwrap_or_default().to_owned())
}

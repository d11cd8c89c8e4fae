//! Numbers, boxed texts and errors that a task panicked with are made texts, too. Caught by `join_named::keeps_the_message_of_every_panic`, which says "is made a text".

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
    if let Some(number) = payload.downcast_ref::<i32>() {
        return Some(number.to_string());
    }
    if let Some(number) = payload.downcast_ref::<u32>() {
        return Some(number.to_string());
    }
    if let Some(error) = payload.downcast_ref::<Box<dyn Error + Send + Sync>>() {
        return Some(error.to_string());
    }
    if let Some(text) = payload.downcast_ref::<Box<str>>() {
        return Some(text.to_string());
    }
    let unformatted = payload.downcast_ref::<&str>().map(ToString::to_string);
    unformatted.or_else(|| payload.downcast_ref().cloned())
}

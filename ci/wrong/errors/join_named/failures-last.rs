//! Values and failures are collected in two lists, and the failures are appended at the end. Caught by `join_named::outcomes_are_in_completion_order`, which says "failures come after the values".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let (mut values, mut failures) = (Vec::new(), Vec::new());
    while let Some(joined) = tasks.join_next_with_id().await {
        match joined {
            Ok((id, Ok(value))) => values.push((names[&id].clone(), Ok(value))),
            Ok((id, Err(error))) => {
                let outcome = Err(TaskFailure::Failed(error));
                failures.push((names[&id].clone(), outcome));
            }
            Err(error) => failures.push((names[&error.id()].clone(), Err(failure(error)))),
        }
    }
    values.extend(failures);
    values
}

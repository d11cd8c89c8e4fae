//! The pattern `Some(Ok(..))` ends the loop at the first panic or cancellation. Caught by `join_named::tells_errors_panics_and_cancellations_apart`, which says "the loop ends at the first failure".

pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::new();
    while let Some(Ok((id, outcome))) = tasks.join_next_with_id().await {
        outcomes.push((names[&id].clone(), outcome.map_err(TaskFailure::Failed)));
    }
    outcomes
}

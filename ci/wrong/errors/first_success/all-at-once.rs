//! `join_all` runs every step, and the first success in the list is returned. Caught by `first_success::calls_a_step_when_those_before_it_have_failed`, which says "awaited together".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let outcomes = join_all(steps.into_iter().map(|step| step())).await;
    let mut errors = Vec::new();
    for (step, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}

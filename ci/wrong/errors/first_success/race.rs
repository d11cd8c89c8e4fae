//! A race takes the quickest success instead of the first step that succeeds. Caught by `first_success::calls_a_step_when_those_before_it_have_failed`, which says "awaited together".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let steps = steps.into_iter().enumerate();
    let mut race: FuturesUnordered<_> = steps
        .map(|(step, call)| async move { (step, call().await) })
        .collect();
    let mut errors = Vec::new();
    while let Some((step, outcome)) = race.next().await {
        match outcome {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}

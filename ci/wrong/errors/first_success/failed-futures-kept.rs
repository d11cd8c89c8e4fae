//! The futures of the steps that failed are kept until the end. Caught by `first_success::calls_a_step_when_those_before_it_have_failed`, which says "are kept".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let (mut errors, mut ended) = (Vec::new(), Vec::new());
    for (step, call) in steps.into_iter().enumerate() {
        let mut future = Box::pin(call());
        match future.as_mut().await {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.push(error),
        }
        ended.push(future);
    }
    Err(errors)
}

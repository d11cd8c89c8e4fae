//! All steps are called first, and their futures awaited in turn. Caught by `first_success::calls_a_step_when_those_before_it_have_failed`, which says "all futures are created first".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let futures: Vec<_> = steps.into_iter().map(|step| step()).collect();
    let mut errors = Vec::new();
    for (step, future) in futures.into_iter().enumerate() {
        match future.await {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}

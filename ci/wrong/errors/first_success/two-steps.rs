//! There is one fallback and no more. Caught by `first_success::returns_the_first_success_and_its_step`, which says "gave up too early".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let mut errors = Vec::new();
    for (step, call) in steps.into_iter().enumerate().take(2) {
        match call().await {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}

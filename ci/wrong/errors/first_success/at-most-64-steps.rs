//! No more than 64 steps are tried. Caught by `first_success::if_all_fail_there_are_all_errors_in_order`, which says "gave up before the last step".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let mut errors = Vec::new();
    for (step, call) in steps.into_iter().enumerate().take(64) {
        match call().await {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}

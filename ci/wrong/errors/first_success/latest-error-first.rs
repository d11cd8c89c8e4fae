//! The errors are returned with the latest first, as a chain of causes would be. Caught by `first_success::if_all_fail_there_are_all_errors_in_order`, which says "the latest one is the first".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let mut errors = Vec::new();
    for (step, call) in steps.into_iter().enumerate() {
        match call().await {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.insert(0, error),
        }
    }
    Err(errors)
}

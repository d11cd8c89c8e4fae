//! It yields to other tasks before each step, so the first poll calls none. Caught by `first_success::the_first_step_is_called_at_the_first_poll`, which says "something else is awaited before the first step".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let mut errors = Vec::new();
    for (step, call) in steps.into_iter().enumerate() {
        tokio::task::yield_now().await;
        match call().await {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}

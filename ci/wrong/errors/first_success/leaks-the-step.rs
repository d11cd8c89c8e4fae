//! The future of a step is leaked, so that it cannot be cancelled. Caught by `first_success::dropping_it_drops_the_step_that_is_running`, which says "still exists".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let mut errors = Vec::new();
    for (step, call) in steps.into_iter().enumerate() {
        let mut running = std::mem::ManuallyDrop::new(Box::pin(call()));
        let outcome = running.as_mut().await;
        drop(std::mem::ManuallyDrop::into_inner(running));
        match outcome {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}

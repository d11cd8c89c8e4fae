//! The function is not `async` and calls the first step when its future is created. Caught by `first_success::the_first_step_is_called_at_the_first_poll`, which says "when the future is created".

pub fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> impl Future<Output = Result<Served<T>, Vec<E>>> {
    let mut steps = steps.into_iter();
    let first = steps.next().map(|step| step());
    async move {
        let mut errors = Vec::new();
        if let Some(first) = first {
            match first.await {
                Ok(value) => return Ok(Served { step: 0, value }),
                Err(error) => errors.push(error),
            }
        }
        for call in steps {
            match call().await {
                Ok(value) => {
                    return Ok(Served {
                        step: errors.len(),
                        value,
                    });
                }
                Err(error) => errors.push(error),
            }
        }
        Err(errors)
    }
}

//! The loop has no `return`, so the later steps are called although one has succeeded. Caught by `first_success::later_steps_are_never_called`, which says "goes on after a success".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let (mut errors, mut served) = (Vec::new(), None);
    for (step, call) in steps.into_iter().enumerate() {
        match call().await {
            Ok(value) => served = served.or(Some(Served { step, value })),
            Err(error) => errors.push(error),
        }
    }
    served.ok_or(errors)
}

//! The steps are counted from 1. Caught by `first_success::returns_the_first_success_and_its_step`, which says "counted from 1".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let mut errors = Vec::new();
    for (step, call) in (1..).zip(steps) {
        match call().await {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}

//! Assumes that there is a first step. Caught by `first_success::without_steps_there_are_no_errors`, which says "a value can be missing here".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let mut steps = steps.into_iter().enumerate();
    let (mut step, mut call) = steps.next().unwrap();
    let mut errors = Vec::new();
    loop {
        match call().await {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.push(error),
        }
        match steps.next() {
            Some(next) => (step, call) = next,
            None => return Err(errors),
        }
    }
}

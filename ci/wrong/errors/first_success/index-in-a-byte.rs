//! The steps are counted in a byte, which has no room for the 256th step. Caught by `first_success::returns_the_first_success_and_its_step`, which says "in one byte".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let mut errors = Vec::new();
    let mut step = 0u8;
    for call in steps {
        match call().await {
            Ok(value) => {
                return Ok(Served {
                    step: step.into(),
                    value,
                });
            }
            Err(error) => errors.push(error),
        }
        step = step.wrapping_add(1);
    }
    Err(errors)
}

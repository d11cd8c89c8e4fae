//! A step that takes longer than a minute is dropped, and the next one is tried. Caught by `first_success::returns_the_first_success_and_its_step`, which says "do not get the time that they need".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let mut errors = Vec::new();
    let last = steps.len().saturating_sub(1);
    for (step, call) in steps.into_iter().enumerate() {
        let limit = if step == last {
            std::time::Duration::MAX
        } else {
            std::time::Duration::from_secs(60)
        };
        match tokio::time::timeout(limit, call()).await {
            Ok(Ok(value)) => return Ok(Served { step, value }),
            Ok(Err(error)) => errors.push(error),
            Err(_slow) => {}
        }
    }
    Err(errors)
}

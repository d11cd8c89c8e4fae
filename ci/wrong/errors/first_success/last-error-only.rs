//! Each error replaces the one before it. Caught by `first_success::if_all_fail_there_are_all_errors_in_order`, which says "only the last error".

pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let mut last = None;
    for (step, call) in steps.into_iter().enumerate() {
        match call().await {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => last = Some(error),
        }
    }
    Err(last.into_iter().collect())
}

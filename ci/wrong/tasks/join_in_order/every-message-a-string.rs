//! A payload that is a `&str` becomes a `String`. Caught by `join_in_order::a_panic_keeps_its_payload`, which says "the same payload".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok(output) => outputs.push(output),
            Err(error) => {
                let payload = error.into_panic();
                match payload.downcast_ref::<&str>() {
                    Some(text) => resume_unwind(Box::new(text.to_string())),
                    None => resume_unwind(payload),
                }
            }
        }
    }
    in_order(outputs)
}

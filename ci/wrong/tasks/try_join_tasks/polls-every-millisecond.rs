//! It looks every millisecond which tasks have ended. Caught by `try_join_tasks::keeps_the_input_order`, which says "looks whether something has changed".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    loop {
        while let Some(joined) = tasks.try_join_next() {
            match joined {
                Ok((i, Ok(o))) => outputs.push((i, o)),
                Ok((_, Err(e))) => {
                    tasks.shutdown().await;
                    return Err(e);
                }
                Err(p) => {
                    tasks.shutdown().await;
                    resume_unwind(payload(p));
                }
            }
        }
        if tasks.is_empty() {
            return Ok(in_order(outputs));
        }
        sleep(Duration::from_millis(1)).await;
    }
}

//! It looks every millisecond which tasks have ended. Caught by `join_in_order::jobs_overlap`, which says "looks whether something has changed".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    loop {
        while let Some(joined) = tasks.try_join_next() {
            match joined {
                Ok(o) => outputs.push(o),
                Err(e) => resume_unwind(payload(e)),
            }
        }
        if tasks.is_empty() {
            break;
        }
        sleep(Duration::from_millis(1)).await;
    }
    in_order(outputs)
}

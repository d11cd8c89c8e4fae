//! The handles are in a `Vec`; when it is dropped, the tasks run on. Caught by `graceful_shutdown::leaves_no_task_when_dropped`, which says "detaches the task".

pub async fn graceful_shutdown<F>(
    requests: &mut mpsc::Receiver<u32>,
    handle: impl Fn(u32, CancellationToken) -> F,
    shutdown: CancellationToken,
    grace: Duration,
) -> TaskCounts
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut counts = TaskCounts::default();
    let mut tasks = Vec::new();
    loop {
        tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            Some(request) = requests.recv() => tasks.push(tokio::spawn(handle(request, shutdown.child_token()))),
        }
    }
    let deadline = tokio::time::Instant::now() + grace;
    for mut task in tasks {
        let result = match tokio::time::timeout_at(deadline, &mut task).await {
            Ok(result) => result,
            Err(_) => {
                task.abort();
                task.await
            }
        };
        counts.add(result);
    }
    counts
}

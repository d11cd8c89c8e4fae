//! All tasks are aborted at the shutdown. Caught by `graceful_shutdown::returns_when_the_last_task_has_ended`, which says "when the shutdown begins".

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
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            Some(result) = tasks.join_next() => counts.add(result),
            Some(request) = requests.recv() => {
                tasks.spawn(handle(request, shutdown.child_token()));
            }
        }
    }
    let _ = grace;
    tasks.abort_all();
    while let Some(result) = tasks.join_next().await {
        counts.add(result);
    }
    counts
}

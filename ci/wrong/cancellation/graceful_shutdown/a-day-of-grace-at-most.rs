//! The grace period is a day at most. Caught by `graceful_shutdown::a_long_grace_period_is_no_exception`, which says "the grace period is limited".

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
    if timeout(grace.min(Duration::from_secs(24 * 3600)), all_ended)
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

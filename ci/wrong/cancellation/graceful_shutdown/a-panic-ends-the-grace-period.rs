//! The wait ends at the first task that panics. Caught by `graceful_shutdown::a_panic_does_not_shorten_the_grace_period`, which says "ends the grace period of the other tasks".

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
    let all_ended = async {
        while let Some(Ok(())) = tasks.join_next().await {
            counts.completed += 1;
        }
    };
    let _ = timeout(grace, all_ended).await;
    counts.failed += tasks.len();
    tasks.shutdown().await;
    counts
}

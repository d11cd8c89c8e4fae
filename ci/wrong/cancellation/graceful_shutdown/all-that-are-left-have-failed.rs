//! All tasks that have not been joined when the time is over are counted as failed. Caught by `graceful_shutdown::a_task_that_ends_with_the_grace_period_is_completed`, which says "have not been joined".

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
    if timeout(grace, all_ended).await.is_err() {
        counts.failed += tasks.len();
        tasks.shutdown().await;
    }
    counts
}

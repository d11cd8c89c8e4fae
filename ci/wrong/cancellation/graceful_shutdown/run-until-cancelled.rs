//! `run_until_cancelled` polls the channel before the token. Caught by `graceful_shutdown::a_request_that_arrives_with_the_shutdown_is_left`, which says "polled before the shutdown".

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
    while let Some(Some(request)) = shutdown.run_until_cancelled(requests.recv()).await {
        tasks.spawn(handle(request, shutdown.child_token()));
    }
    shutdown.cancelled().await;
    let all_ended = async {
        while let Some(result) = tasks.join_next().await {
            counts.add(result);
        }
    };
    if timeout(grace, all_ended).await.is_err() {
        tasks.abort_all();
        while let Some(result) = tasks.join_next().await {
            counts.add(result);
        }
    }
    counts
}

//! The requests are polled before the shutdown. Caught by `graceful_shutdown::takes_no_request_after_the_shutdown`, which says "they are polled before the shutdown".

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
            Some(result) = tasks.join_next() => counts.add(result),
            Some(request) = requests.recv() => {
                tasks.spawn(handle(request, shutdown.child_token()));
            }
            () = shutdown.cancelled() => break,
        }
    }
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

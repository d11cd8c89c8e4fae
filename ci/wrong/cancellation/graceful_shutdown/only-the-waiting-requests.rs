//! When the channel is empty, it waits for the shutdown. Caught by `graceful_shutdown::handles_a_request_when_it_arrives`, which says "waiting at the beginning".

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
    while !shutdown.is_cancelled() {
        match requests.try_recv() {
            Ok(request) => {
                tasks.spawn(handle(request, shutdown.child_token()));
            }
            Err(_) => shutdown.cancelled().await,
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

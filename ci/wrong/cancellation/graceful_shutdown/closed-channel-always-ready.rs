//! `None` is handled and ignored, so the closed channel is received from again and again. Caught by `graceful_shutdown::waits_for_the_shutdown_when_the_channel_is_closed`, which says "received from again and again".

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
        tokio::select! { biased;
            () = shutdown.cancelled() => break,
            Some(result) = tasks.join_next() => counts.add(result),
            request = requests.recv() => { if let Some(request) = request { tasks.spawn(handle(request, shutdown.child_token())); } }
        }
    }
    let all = async {
        while let Some(r) = tasks.join_next().await {
            counts.add(r)
        }
    };
    if timeout(grace, all).await.is_err() {
        tasks.abort_all();
        while let Some(r) = tasks.join_next().await {
            counts.add(r)
        }
    }
    counts
}

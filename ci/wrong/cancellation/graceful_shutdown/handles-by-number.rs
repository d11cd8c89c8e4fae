//! Requests with the same number are handled once. Caught by `graceful_shutdown::counts_what_became_of_each_task`, which says "should be handled when they arrive".

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
    let mut known = std::collections::HashSet::new();
    loop {
        tokio::select! { biased;
            () = shutdown.cancelled() => break,
            Some(result) = tasks.join_next() => counts.add(result),
            Some(request) = requests.recv() => { if known.insert(request) { tasks.spawn(handle(request, shutdown.child_token())); } }
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

//! A request that is waiting is handled even if the shutdown was before the call. Caught by `graceful_shutdown::counts_what_became_of_each_task`, which says "before the shutdown should be handled".

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
    if let Ok(request) = requests.try_recv() {
        tasks.spawn(handle(request, shutdown.child_token()));
    }
    loop {
        tokio::select! { biased;
            () = shutdown.cancelled() => break,
            Some(result) = tasks.join_next() => counts.add(result),
            Some(request) = requests.recv() => { tasks.spawn(handle(request, shutdown.child_token())); }
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

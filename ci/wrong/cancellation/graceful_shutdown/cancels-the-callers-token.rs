//! A drop guard cancels the caller's token. Caught by `graceful_shutdown::leaves_no_task_when_dropped`, which says "`shutdown` is the caller's".

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
    let _guard = shutdown.clone().drop_guard();
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

//! At most sixteen requests are handled at a time. Caught by `graceful_shutdown::a_task_that_ends_in_time_is_completed`, which says "There are 300 requests".

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
            Some(request) = requests.recv(), if tasks.len() < 16 => { tasks.spawn(handle(request, shutdown.child_token())); }
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

//! Each task has a grace period of its own. Caught by `graceful_shutdown::aborts_the_rest_after_the_grace_period`, which says "a grace period of its own".

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
    loop {
        match timeout(grace, tasks.join_next()).await {
            Ok(Some(result)) => counts.add(result),
            Ok(None) => return counts,
            Err(_) => {
                sleep(grace).await;
                tasks.abort_all();
            }
        }
    }
}

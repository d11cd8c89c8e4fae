//! The grace period is measured with `std::time::Instant`. Caught by `graceful_shutdown::aborts_the_rest_after_the_grace_period`, which says "asks `std::time::Instant`".

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
            Some(request) = requests.recv() => { tasks.spawn(handle(request, shutdown.child_token())); }
        }
    }
    let end = std::time::Instant::now() + grace;
    while !tasks.is_empty() && std::time::Instant::now() < end {
        if let Ok(Some(r)) = timeout(
            end.saturating_duration_since(std::time::Instant::now()),
            tasks.join_next(),
        )
        .await
        {
            counts.add(r)
        }
    }
    tasks.abort_all();
    while let Some(r) = tasks.join_next().await {
        counts.add(r)
    }
    counts
}

//! Detaches a task if a thousand are running. Caught by `graceful_shutdown::many_tasks_have_any_grace_period`, which says "5000".

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
            // The shutdown comes first, however many requests are waiting.
            biased;
            () = shutdown.cancelled() => break,
            Some(result) = tasks.join_next() => counts.add(result),
            Some(request) = requests.recv() => {
                if tasks.len() >= 1000 { tokio::spawn(handle(request, shutdown.child_token())); } else { tasks.spawn(handle(request, shutdown.child_token())); }
            }
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

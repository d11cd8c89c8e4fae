//! The tasks that are left in the set when the time is over are counted as failed; some of them have ended. Caught by `graceful_shutdown::counts_what_became_of_each_task`, which says "still in the set after the grace period".

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
    let mut end = pin!(sleep(grace));
    loop {
        tokio::select! { biased;
            () = &mut end => break,
            result = tasks.join_next() => match result { Some(r) => counts.add(r), None => return counts },
        }
    }
    counts.failed += tasks.len();
    tasks.shutdown().await;
    counts
}

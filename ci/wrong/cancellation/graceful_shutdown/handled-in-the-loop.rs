//! Each request is awaited in the loop. Caught by `graceful_shutdown::handles_requests_concurrently`, which says "Spawn it".

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
    loop {
        let request = tokio::select! {
            biased;
            () = shutdown.cancelled() => return counts,
            Some(request) = requests.recv() => request,
        };
        let task = tokio_util::task::AbortOnDropHandle::new(tokio::spawn(handle(
            request,
            shutdown.child_token(),
        )));
        match timeout(grace + Duration::from_secs(1), task).await {
            Ok(result) => counts.add(result),
            Err(_) => counts.failed += 1,
        }
    }
}

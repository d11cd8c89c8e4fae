//! The handles are in a list, and dropped with it: the tasks run on. Caught by `reading_room::leaves_nothing_behind_when_dropped`, which says "detaches a task".

pub async fn reading_room<F>(
    orders: &mut mpsc::Receiver<u32>,
    serve: impl Fn(u32, CancellationToken) -> F,
    stop: CancellationToken,
    patience: Duration,
) -> Closed
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut closed = Closed::default();
    let mut serving = Vec::new();
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            Some(order) = orders.recv() => serving.push(tokio::spawn(serve(order, stop.child_token()))),
        }
    }
    let deadline = tokio::time::Instant::now() + patience;
    for mut task in serving {
        let ended = match tokio::time::timeout_at(deadline, &mut task).await {
            Ok(ended) => ended,
            Err(_) => {
                task.abort();
                task.await
            }
        };
        closed.count(ended);
    }
    closed
}

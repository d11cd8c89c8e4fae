//! All tasks are dropped at the stop. Caught by `reading_room::asks_everybody_and_returns_when_the_last_is_gone`, which says "before the patience is over".

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
    let mut serving = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            Some(ended) = serving.join_next() => closed.count(ended),
            Some(order) = orders.recv() => {
                serving.spawn(serve(order, stop.child_token()));
            }
        }
    }
    let _ = patience;
    serving.abort_all();
    while let Some(ended) = serving.join_next().await {
        closed.count(ended);
    }
    closed
}

//! When the channel is empty, the stop is waited for. Caught by `reading_room::serves_an_order_when_it_comes`, which says "which are there at the beginning".

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
    while !stop.is_cancelled() {
        match orders.try_recv() {
            Ok(order) => {
                serving.spawn(serve(order, stop.child_token()));
            }
            Err(_) => stop.cancelled().await,
        }
    }
    let all_gone = async {
        while let Some(ended) = serving.join_next().await {
            closed.count(ended);
        }
    };
    if timeout(patience, all_gone).await.is_err() {
        serving.abort_all();
        while let Some(ended) = serving.join_next().await {
            closed.count(ended);
        }
    }
    closed
}

//! `run_until_cancelled` is taken to look at the stop first. Caught by `reading_room::an_order_that_comes_with_the_stop_is_left`, which says "looked at before the stop".

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
    while let Some(Some(order)) = stop.run_until_cancelled(orders.recv()).await {
        serving.spawn(serve(order, stop.child_token()));
    }
    stop.cancelled().await;
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

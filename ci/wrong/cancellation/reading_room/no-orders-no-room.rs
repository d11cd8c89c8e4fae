//! It closes when no order can come any more. Caught by `reading_room::waits_for_the_stop_when_no_order_can_come`, which says "taken for the stop".

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
            order = orders.recv() => match order {
                Some(order) => {
                    serving.spawn(serve(order, stop.child_token()));
                }
                None => break,
            },
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

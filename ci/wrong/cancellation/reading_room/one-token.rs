//! All tasks have clones of the one token. Caught by `reading_room::a_task_stops_itself_and_nobody_else`, which says "clones of one token".

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
                serving.spawn(serve(order, stop.clone()));
            }
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

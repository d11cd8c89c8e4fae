//! Each task has the whole patience, one after the other. Caught by `reading_room::drops_who_does_not_come_and_waits_until_they_are_gone`, which says "counted for each of them".

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
    loop {
        match timeout(patience, serving.join_next()).await {
            Ok(Some(ended)) => closed.count(ended),
            Ok(None) => return closed,
            Err(_) => {
                sleep(patience).await;
                serving.abort_all();
            }
        }
    }
}

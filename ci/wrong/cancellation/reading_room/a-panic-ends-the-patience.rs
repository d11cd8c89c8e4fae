//! Tasks are waited for as long as they end well. Caught by `reading_room::a_panic_after_the_stop_stays_with_its_order`, which says "ends the patience of the others".

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
    let all_gone = async {
        while let Some(Ok(())) = serving.join_next().await {
            closed.served += 1;
        }
    };
    let _ = timeout(patience, all_gone).await;
    closed.stopped += serving.len();
    serving.shutdown().await;
    closed
}

//! Each order is served in the loop. Caught by `reading_room::serves_orders_beside_each_other`, which says "Spawn it".

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
    loop {
        let order = tokio::select! {
            biased;
            () = stop.cancelled() => return closed,
            Some(order) = orders.recv() => order,
        };
        let serving = tokio_util::task::AbortOnDropHandle::new(tokio::spawn(serve(
            order,
            stop.child_token(),
        )));
        match timeout(patience + Duration::from_secs(1), serving).await {
            Ok(ended) => closed.count(ended),
            Err(_) => closed.stopped += 1,
        }
    }
}

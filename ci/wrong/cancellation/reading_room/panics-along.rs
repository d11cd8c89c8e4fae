//! A task that has panicked is not counted. Caught by `reading_room::a_panic_stays_with_its_order`, which says "a join error is not counted as stopped".

impl Closed {
    fn count(&mut self, ended: Result<(), JoinError>) {
        match ended {
            Ok(()) => self.served += 1,
            Err(error) if error.is_cancelled() => self.stopped += 1,
            Err(_) => {}
        }
    }
}

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

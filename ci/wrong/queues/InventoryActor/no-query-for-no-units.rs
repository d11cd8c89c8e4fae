//! Answers a request for no units at once, without a query. Caught by `InventoryActor::a_request_for_no_units_is_a_request`, which says "without a query".

#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::Sender<Request>,
}

async fn run(mut available: u32, latency: Duration, mut inbox: mpsc::Receiver<Request>) {
    while let Some(request) = inbox.recv().await {
        match request {
            Request::Add { units } => {
                sleep(latency).await;
                available += units;
            }
            Request::Take { units: 0, reply } => {
                let _ = reply.send(Ok(available));
            }
            Request::Take { units, mut reply } => {
                tokio::select! {
                    biased;
                    // Polled first, so that a caller that left before the query started costs no time.
                    () = reply.closed() => continue,
                    () = sleep(latency) => {}
                }
                let taken = available.checked_sub(units).ok_or(OutOfStock { available });
                if reply.send(taken).is_ok()
                    && let Ok(left) = taken
                {
                    available = left;
                }
            }
        }
    }
}

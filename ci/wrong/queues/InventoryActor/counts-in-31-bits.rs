//! Counts the units in an `i32`, which has 31 bits for them. Caught by `InventoryActor::keeps_any_stock`, which says "2147483648".

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
            Request::Take { units, mut reply } => {
                tokio::select! {
                    biased;
                    // Polled first, so that a caller that left before the query started costs no time.
                    () = reply.closed() => continue,
                    () = sleep(latency) => {}
                }
                let left = available as i32 - units as i32;
                let taken = (left >= 0)
                    .then_some(left as u32)
                    .ok_or(OutOfStock { available });
                if reply.send(taken).is_ok()
                    && let Ok(left) = taken
                {
                    available = left;
                }
            }
        }
    }
}

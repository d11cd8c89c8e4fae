//! If there are fewer units than asked for, it takes those that there are. Caught by `InventoryActor::counts_the_units`, which says "takes a part".

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
                    () = reply.closed() => continue,
                    () = sleep(latency) => {}
                }
                let left = available.saturating_sub(units);
                if reply.send(Ok(left)).is_ok() {
                    available = left;
                }
            }
        }
    }
}

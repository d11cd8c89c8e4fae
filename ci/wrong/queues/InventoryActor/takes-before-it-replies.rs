//! The units are taken out before the reply is sent, and stay out if it cannot be delivered. Caught by `InventoryActor::a_cancelled_take_removes_nothing`, which says "before the reply is sent".

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
                sleep(latency).await;
                let taken = available.checked_sub(units).ok_or(OutOfStock { available });
                if let Ok(left) = taken {
                    available = left;
                }
                let _ = reply.send(taken);
            }
        }
    }
}

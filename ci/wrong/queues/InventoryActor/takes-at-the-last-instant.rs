//! The units are taken out before the reply is sent, and the caller is dropped in that instant. Caught by `InventoryActor::a_cancelled_caller_does_not_stop_the_actor`, which says "taken out for a caller that is gone".

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
                    () = sleep(latency) => {}
                    () = reply.closed() => continue,
                }
                let taken = available.checked_sub(units).ok_or(OutOfStock { available });
                if let Ok(left) = taken {
                    available = left;
                }
                let _ = reply.send(taken);
            }
        }
    }
}

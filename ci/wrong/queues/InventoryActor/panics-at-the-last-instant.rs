//! A caller that is dropped in the instant of the reply makes the actor panic. Caught by `InventoryActor::a_cancelled_caller_does_not_stop_the_actor`, which says "the caller waits".

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
                reply.send(taken).expect("the caller waits");
            }
        }
    }
}

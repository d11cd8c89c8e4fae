//! Every request is handled by a task of its own, with a lock around the stock. Caught by `InventoryActor::serves_requests_in_arrival_order`, which says "a task is spawned for each request".

#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::Sender<Request>,
}

use std::sync::Arc;

async fn run(available: u32, latency: Duration, mut inbox: mpsc::Receiver<Request>) {
    let available = Arc::new(Mutex::new(available));
    while let Some(request) = inbox.recv().await {
        let available = Arc::clone(&available);
        tokio::spawn(async move {
            match request {
                Request::Add { units } => {
                    sleep(latency).await;
                    *available.lock().unwrap() += units;
                }
                Request::Take { units, mut reply } => {
                    tokio::select! {
                        biased;
                        () = reply.closed() => return,
                        () = sleep(latency) => {}
                    }
                    let mut available = available.lock().unwrap();
                    let taken = available.checked_sub(units).ok_or(OutOfStock { available: *available });
                    if reply.send(taken).is_ok()
                        && let Ok(left) = taken
                    {
                        *available = left;
                    }
                }
            }
        });
    }
}

//! The actor moves all requests from the inbox into a list, and the inbox has free slots again. Caught by `InventoryActor::a_full_inbox_applies_backpressure`, which says "moves the requests into a list".

#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::Sender<Request>,
}

async fn run(mut available: u32, latency: Duration, mut inbox: mpsc::Receiver<Request>) {
    let mut backlog = std::collections::VecDeque::new();
    loop {
        if backlog.is_empty() {
            backlog.extend(inbox.recv().await);
        }
        while let Ok(request) = inbox.try_recv() {
            backlog.push_back(request);
        }
        let Some(request) = backlog.pop_front() else {
            return;
        };
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

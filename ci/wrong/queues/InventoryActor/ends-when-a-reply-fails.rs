//! The actor returns when a reply cannot be delivered. Caught by `InventoryActor::a_cancelled_caller_does_not_stop_the_actor`, which says "cannot deliver a reply".

#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::Sender<Request>,
}

impl InventoryActor {
    pub fn spawn(units: u32, latency: Duration, capacity: usize) -> Self {
        let (requests, inbox) = mpsc::channel(capacity);
        tokio::spawn(run(units, latency, inbox));
        Self { requests }
    }

    pub async fn add(&self, units: u32) {
        let _ = self.requests.send(Request::Add { units }).await;
    }

    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        let (reply, response) = oneshot::channel();
        let _ = self.requests.send(Request::Take { units, reply }).await;
        response.await.unwrap_or(Err(OutOfStock { available: 0 }))
    }
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
                    () = reply.closed() => return,
                    () = sleep(latency) => {}
                }
                let taken = available.checked_sub(units).ok_or(OutOfStock { available });
                if reply.send(taken).is_err() {
                    return;
                }
                if let Ok(left) = taken {
                    available = left;
                }
            }
        }
    }
}

//! The inbox is an unbounded channel, so no caller ever waits. Caught by `InventoryActor::a_full_inbox_applies_backpressure`, which says "has no bound".

#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::UnboundedSender<Request>,
}

impl InventoryActor {
    pub fn spawn(units: u32, latency: Duration, _capacity: usize) -> Self {
        let (requests, inbox) = mpsc::unbounded_channel();
        tokio::spawn(run(units, latency, inbox));
        Self { requests }
    }

    pub async fn add(&self, units: u32) {
        let _ = self.requests.send(Request::Add { units });
    }

    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        let (reply, response) = oneshot::channel();
        let _ = self.requests.send(Request::Take { units, reply });
        response.await.unwrap()
    }
}

async fn run(mut available: u32, latency: Duration, mut inbox: mpsc::UnboundedReceiver<Request>) {
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

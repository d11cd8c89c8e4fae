//! Keeps the capacity in one byte. Caught by `InventoryActor::holds_as_many_requests_as_its_capacity`, which says "a type that is too small".

#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::Sender<Request>,
}

impl InventoryActor {
    pub fn spawn(units: u32, latency: Duration, capacity: usize) -> Self {
        let (requests, inbox) = mpsc::channel(usize::from(capacity as u8).max(1));
        tokio::spawn(run(units, latency, inbox));
        Self { requests }
    }

    pub async fn add(&self, units: u32) {
        self.request(Request::Add { units }).await;
    }

    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        let (reply, response) = oneshot::channel();
        self.request(Request::Take { units, reply }).await;
        response
            .await
            .expect("the actor replies to every caller that waits")
    }

    async fn request(&self, request: Request) {
        let sent = self.requests.send(request).await;
        sent.expect("the actor runs as long as there is a handle");
    }
}

//! Waits for a slot in a task of its own, which sends the request although the call was dropped. Caught by `InventoryActor::an_add_that_is_dropped_adds_nothing`, which says "by a task for example".

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
        let requests = self.requests.clone();
        let sent = tokio::spawn(async move { requests.send(Request::Add { units }).await });
        let _ = sent.await;
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

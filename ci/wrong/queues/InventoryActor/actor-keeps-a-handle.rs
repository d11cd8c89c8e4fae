//! The actor has a handle of its own, so its inbox never closes. Caught by `InventoryActor::ends_when_the_last_handle_is_dropped`, which says "holds a sender of its own inbox".

#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::Sender<Request>,
}

impl InventoryActor {
    pub fn spawn(units: u32, latency: Duration, capacity: usize) -> Self {
        let (requests, inbox) = mpsc::channel(capacity);
        let actor = Self { requests };
        let handle = actor.clone();
        tokio::spawn(async move {
            run(units, latency, inbox).await;
            drop(handle);
        });
        actor
    }

    pub async fn add(&self, units: u32) {
        self.request(Request::Add { units }).await;
    }

    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        let (reply, response) = oneshot::channel();
        self.request(Request::Take { units, reply }).await;
        response.await.unwrap()
    }

    async fn request(&self, request: Request) {
        let _ = self.requests.send(request).await;
    }
}

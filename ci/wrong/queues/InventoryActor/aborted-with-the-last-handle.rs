//! Dropping the last handle aborts the actor, whatever is still in the inbox. Caught by `InventoryActor::handles_queued_requests_before_it_ends`, which says "does not wait for the inbox to be empty".

use std::sync::Arc;
use tokio_util::task::AbortOnDropHandle;

#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::Sender<Request>,
    _task: Arc<AbortOnDropHandle<()>>,
}

impl InventoryActor {
    pub fn spawn(units: u32, latency: Duration, capacity: usize) -> Self {
        let (requests, inbox) = mpsc::channel(capacity);
        let task = tokio::spawn(run(units, latency, inbox));
        let _task = Arc::new(AbortOnDropHandle::new(task));
        Self { requests, _task }
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

//! The actor is spawned when the first request is made. Caught by `InventoryActor::spawn_panics_outside_of_a_runtime`, which says "called outside of a runtime".

use std::sync::OnceLock;

#[derive(Debug, Clone)]
pub struct InventoryActor {
    start: (u32, Duration, usize),
    requests: std::sync::Arc<OnceLock<mpsc::Sender<Request>>>,
}

impl InventoryActor {
    pub fn spawn(units: u32, latency: Duration, capacity: usize) -> Self {
        Self {
            start: (units, latency, capacity),
            requests: Default::default(),
        }
    }

    fn requests(&self) -> &mpsc::Sender<Request> {
        let (units, latency, capacity) = self.start;
        self.requests.get_or_init(|| {
            let (requests, inbox) = mpsc::channel(capacity);
            tokio::spawn(run(units, latency, inbox));
            requests
        })
    }

    pub async fn add(&self, units: u32) {
        self.requests()
            .send(Request::Add { units })
            .await
            .expect("runs");
    }

    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        let (reply, response) = oneshot::channel();
        self.requests()
            .send(Request::Take { units, reply })
            .await
            .expect("runs");
        response.await.expect("replies")
    }
}

//! Waits for a free slot and then tries to send again, so that another caller can take the slot. Caught by `InventoryActor::callers_that_stay_are_served_in_order`, which says "should return".

#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::Sender<Request>,
}

#[derive(Debug)]
enum Request {
    Add {
        units: u32,
    },
    Take {
        units: u32,
        reply: oneshot::Sender<Result<u32, OutOfStock>>,
    },
}

impl InventoryActor {
    pub fn spawn(units: u32, latency: Duration, capacity: usize) -> Self {
        let (requests, inbox) = mpsc::channel(capacity);
        tokio::spawn(run(units, latency, inbox));
        Self { requests }
    }

    pub async fn add(&self, units: u32) {
        self.requests
            .send(Request::Add { units })
            .await
            .expect("runs");
    }

    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        let (reply, response) = oneshot::channel();
        let mut request = Request::Take { units, reply };
        while let Err(error) = self.requests.try_send(request) {
            request = error.into_inner();
            drop(self.requests.reserve().await);
            tokio::task::yield_now().await;
        }
        response.await.expect("replies")
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
                    () = reply.closed() => continue,
                    () = sleep(latency) => {}
                }
                if units > available {
                    let _ = reply.send(Err(OutOfStock { available }));
                } else if reply.send(Ok(available - units)).is_ok() {
                    available -= units;
                }
            }
        }
    }
}

//! The actor ends if no request has come for an hour. Caught by `InventoryActor::no_wait_and_no_query_is_given_up`, which says "it panicked".

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
        self.requests
            .send(Request::Take { units, reply })
            .await
            .expect("runs");
        response.await.expect("replies")
    }
}

async fn run(mut available: u32, latency: Duration, mut inbox: mpsc::Receiver<Request>) {
    while let Ok(Some(request)) =
        tokio::time::timeout(Duration::from_secs(3600), inbox.recv()).await
    {
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

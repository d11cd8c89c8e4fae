//! The next request gets what is left of the query that was abandoned. Caught by `InventoryActor::callers_that_leave_change_nothing_for_the_others`, which says "with the reply".

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
    let mut rest = latency;
    while let Some(request) = inbox.recv().await {
        match request {
            Request::Add { units } => {
                sleep(latency).await;
                available += units;
            }
            Request::Take { units, mut reply } => {
                let start = tokio::time::Instant::now();
                tokio::select! {
                    biased;
                    () = reply.closed() => {
                        rest = rest.saturating_sub(start.elapsed());
                        continue;
                    }
                    () = sleep(rest) => rest = latency,
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

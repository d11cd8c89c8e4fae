//! A caller that is dropped before it returns puts its units back, even if the actor has replied. Caught by `InventoryActor::a_reply_counts_even_if_its_caller_is_dropped`, which says "put back when it is dropped".

struct Undo<'a> {
    requests: &'a mpsc::Sender<Request>,
    units: u32,
    response: oneshot::Receiver<Result<u32, OutOfStock>>,
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        self.response.close();
        if let Ok(Ok(_)) = self.response.try_recv() {
            let _ = self.requests.try_send(Request::Add { units: self.units });
        }
    }
}

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
        self.request(Request::Add { units }).await;
    }

    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        let (reply, response) = oneshot::channel();
        self.request(Request::Take { units, reply }).await;
        let mut undo = Undo {
            requests: &self.requests,
            units,
            response,
        };
        let taken = (&mut undo.response)
            .await
            .expect("the actor replies to every caller that waits");
        std::mem::forget(undo);
        taken
    }

    async fn request(&self, request: Request) {
        let sent = self.requests.send(request).await;
        sent.expect("the actor runs as long as there is a handle");
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
                    // Polled first, so that a caller that left before the query started costs no time.
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

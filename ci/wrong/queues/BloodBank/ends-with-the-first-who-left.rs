//! The keeper's loop is left when an answer cannot be delivered. Caught by `BloodBank::a_caller_who_left_stops_nobody`, which says "when it cannot deliver an answer".

#[derive(Debug, Clone)]
pub struct BloodBank {
    requests: mpsc::Sender<Request>,
}

impl BloodBank {
    pub fn open(bags: u32, walk: Duration, room: usize) -> Self {
        let (requests, inbox) = mpsc::channel(room);
        tokio::spawn(keep(bags, walk, inbox));
        Self { requests }
    }

    pub async fn bring(&self, bags: u32) {
        let _ = self.requests.send(Request::Bring { bags }).await;
    }

    pub async fn fetch(&self, bags: u32) -> Result<u32, Short> {
        let (reply, answer) = oneshot::channel();
        let _ = self.requests.send(Request::Fetch { bags, reply }).await;
        answer.await.unwrap_or(Err(Short { there: 0 }))
    }
}

async fn keep(mut there: u32, walk: Duration, mut inbox: mpsc::Receiver<Request>) {
    while let Some(request) = inbox.recv().await {
        match request {
            Request::Bring { bags } => {
                sleep(walk).await;
                there += bags;
            }
            Request::Fetch { bags, mut reply } => {
                tokio::select! {
                    biased;
                    () = reply.closed() => return,
                    () = sleep(walk) => {}
                }
                let fetched = there.checked_sub(bags).ok_or(Short { there });
                if reply.send(fetched).is_err() {
                    return;
                }
                if let Ok(left) = fetched {
                    there = left;
                }
            }
        }
    }
}

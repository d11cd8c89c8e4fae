//! The box is an unbounded channel, so nobody is ever held up. Caught by `BloodBank::the_box_pushes_back`, which says "has no bound".

#[derive(Debug, Clone)]
pub struct BloodBank {
    requests: mpsc::UnboundedSender<Request>,
}

impl BloodBank {
    pub fn open(bags: u32, walk: Duration, _room: usize) -> Self {
        let (requests, inbox) = mpsc::unbounded_channel();
        tokio::spawn(keep(bags, walk, inbox));
        Self { requests }
    }

    pub async fn bring(&self, bags: u32) {
        let _ = self.requests.send(Request::Bring { bags });
    }

    pub async fn fetch(&self, bags: u32) -> Result<u32, Short> {
        let (reply, answer) = oneshot::channel();
        let _ = self.requests.send(Request::Fetch { bags, reply });
        answer.await.unwrap()
    }
}

async fn keep(mut there: u32, walk: Duration, mut inbox: mpsc::UnboundedReceiver<Request>) {
    while let Some(request) = inbox.recv().await {
        match request {
            Request::Bring { bags } => {
                sleep(walk).await;
                there += bags;
            }
            Request::Fetch { bags, mut reply } => {
                tokio::select! {
                    biased;
                    () = reply.closed() => continue,
                    () = sleep(walk) => {}
                }
                let fetched = there.checked_sub(bags).ok_or(Short { there });
                if reply.send(fetched).is_ok()
                    && let Ok(left) = fetched
                {
                    there = left;
                }
            }
        }
    }
}

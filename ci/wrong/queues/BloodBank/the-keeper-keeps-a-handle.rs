//! The keeper has a handle of its own, so its box is never closed. Caught by `BloodBank::ends_when_its_last_handle_goes`, which says "keeps a sender".

#[derive(Debug, Clone)]
pub struct BloodBank {
    requests: mpsc::Sender<Request>,
}

impl BloodBank {
    pub fn open(bags: u32, walk: Duration, room: usize) -> Self {
        let (requests, inbox) = mpsc::channel(room);
        let bank = Self { requests };
        let own = bank.clone();
        tokio::spawn(async move {
            keep(bags, walk, inbox).await;
            drop(own);
        });
        bank
    }

    pub async fn bring(&self, bags: u32) {
        self.ask(Request::Bring { bags }).await;
    }

    pub async fn fetch(&self, bags: u32) -> Result<u32, Short> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::Fetch { bags, reply }).await;
        answer.await.unwrap()
    }

    async fn ask(&self, request: Request) {
        let _ = self.requests.send(request).await;
    }
}

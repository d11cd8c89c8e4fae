//! The last handle aborts the keeper, whatever is still in the box. Caught by `BloodBank::what_is_in_the_box_is_still_done`, which says "overtakes what is in it".

use std::sync::Arc;
use tokio_util::task::AbortOnDropHandle;

#[derive(Debug, Clone)]
pub struct BloodBank {
    requests: mpsc::Sender<Request>,
    _keeper: Arc<AbortOnDropHandle<()>>,
}

impl BloodBank {
    pub fn open(bags: u32, walk: Duration, room: usize) -> Self {
        let (requests, inbox) = mpsc::channel(room);
        let keeper = tokio::spawn(keep(bags, walk, inbox));
        let _keeper = Arc::new(AbortOnDropHandle::new(keeper));
        Self { requests, _keeper }
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

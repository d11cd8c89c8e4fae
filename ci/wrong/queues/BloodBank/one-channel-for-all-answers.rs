//! All callers listen to one channel, and take the first answer that comes. Caught by `BloodBank::everybody_gets_their_own_answer_in_any_order`, which says "all share one channel".

use tokio::sync::broadcast;

#[derive(Debug, Clone)]
pub struct BloodBank {
    requests: mpsc::Sender<Wanted>,
    answers: broadcast::WeakSender<Result<u32, Short>>,
}

#[derive(Debug)]
enum Wanted {
    Bring(u32),
    Fetch(u32),
}

impl BloodBank {
    pub fn open(mut bags: u32, walk: Duration, room: usize) -> Self {
        let (requests, mut inbox) = mpsc::channel(room);
        let (sender, _) = broadcast::channel(64);
        let answers = sender.downgrade();
        tokio::spawn(async move {
            while let Some(wanted) = inbox.recv().await {
                sleep(walk).await;
                match wanted {
                    Wanted::Bring(more) => bags += more,
                    Wanted::Fetch(some) => {
                        let fetched = bags.checked_sub(some).ok_or(Short { there: bags });
                        if sender.send(fetched).is_ok()
                            && let Ok(left) = fetched
                        {
                            bags = left;
                        }
                    }
                }
            }
        });
        Self { requests, answers }
    }

    pub async fn bring(&self, bags: u32) {
        let _ = self.requests.send(Wanted::Bring(bags)).await;
    }

    pub async fn fetch(&self, bags: u32) -> Result<u32, Short> {
        let mut answers = self.answers.upgrade().unwrap().subscribe();
        let _ = self.requests.send(Wanted::Fetch(bags)).await;
        answers.recv().await.unwrap()
    }
}

//! All callers subscribe to one channel, and take the first reply that arrives. Caught by `InventoryActor::replies_reach_their_caller_in_any_order`, which says "share one channel".

use tokio::sync::broadcast;

#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::Sender<Change>,
    replies: broadcast::WeakSender<Result<u32, OutOfStock>>,
}

#[derive(Debug)]
enum Change {
    Add(u32),
    Take(u32),
}

impl InventoryActor {
    pub fn spawn(mut units: u32, latency: Duration, capacity: usize) -> Self {
        let (requests, mut inbox) = mpsc::channel(capacity);
        let (sender, _) = broadcast::channel(64);
        let replies = sender.downgrade();
        tokio::spawn(async move {
            while let Some(change) = inbox.recv().await {
                sleep(latency).await;
                match change {
                    Change::Add(more) => units += more,
                    Change::Take(some) => {
                        let taken = units.checked_sub(some).ok_or(OutOfStock { available: units });
                        if sender.send(taken).is_ok()
                            && let Ok(left) = taken
                        {
                            units = left;
                        }
                    }
                }
            }
        });
        Self { requests, replies }
    }

    pub async fn add(&self, units: u32) {
        let _ = self.requests.send(Change::Add(units)).await;
    }

    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        let mut replies = self.replies.upgrade().unwrap().subscribe();
        let _ = self.requests.send(Change::Take(units)).await;
        replies.recv().await.unwrap()
    }
}

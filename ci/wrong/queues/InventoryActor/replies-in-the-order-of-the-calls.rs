//! The callers are in a list, and each reply goes to the first of them, also if that was dropped before its request was sent. Caught by `InventoryActor::a_dropped_caller_does_not_affect_the_others`, which says "The others should have the replies".

use std::collections::VecDeque;
use std::sync::Arc;

type Callers = Arc<Mutex<VecDeque<oneshot::Sender<Result<u32, OutOfStock>>>>>;

#[derive(Debug, Clone)]
pub struct InventoryActor {
    requests: mpsc::Sender<Change>,
    callers: Callers,
}

#[derive(Debug)]
enum Change {
    Add(u32),
    Take(u32),
}

impl InventoryActor {
    pub fn spawn(mut units: u32, latency: Duration, capacity: usize) -> Self {
        let (requests, mut inbox) = mpsc::channel(capacity);
        let callers = Callers::default();
        let waiting = Arc::clone(&callers);
        tokio::spawn(async move {
            while let Some(change) = inbox.recv().await {
                let Change::Take(some) = change else {
                    let Change::Add(more) = change else { continue };
                    sleep(latency).await;
                    units += more;
                    continue;
                };
                let Some(mut reply) = waiting.lock().unwrap().pop_front() else {
                    continue;
                };
                tokio::select! {
                    biased;
                    () = reply.closed() => continue,
                    () = sleep(latency) => {}
                }
                let taken = units.checked_sub(some).ok_or(OutOfStock { available: units });
                if reply.send(taken).is_ok()
                    && let Ok(left) = taken
                {
                    units = left;
                }
            }
        });
        Self { requests, callers }
    }

    pub async fn add(&self, units: u32) {
        let _ = self.requests.send(Change::Add(units)).await;
    }

    pub async fn take(&self, units: u32) -> Result<u32, OutOfStock> {
        let (reply, response) = oneshot::channel();
        self.callers.lock().unwrap().push_back(reply);
        let _ = self.requests.send(Change::Take(units)).await;
        response.await.expect("the actor replies to every caller that waits")
    }
}

//! Answers that are dropped half way.

use std::sync::{Arc, Mutex as StdMutex};
use std::time::Duration;

use grading::web::Client;
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot};

/// A page with a permit that is a guard.
pub async fn guarded(client: &Client, permits: &Semaphore) {
    let _permit = permits.acquire().await;
    let _ = client.get("/a").await;
}

/// A page with a permit that is given back by hand.
pub async fn by_hand(client: &Client, permits: &Semaphore) {
    if let Ok(permit) = permits.acquire().await {
        permit.forget();
    }
    let _ = client.get("/a").await;
    permits.add_permits(1);
}

/// Forwards what it receives. Between the two awaits, a message is nowhere but here.
pub async fn forward(from: &Mutex<mpsc::Receiver<u32>>, to: mpsc::Sender<u32>) {
    while let Some(message) = from.lock().await.recv().await {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let _ = to.send(message).await;
    }
}

/// A slot that gives a number to whoever waits, and keeps it if nobody does.
#[derive(Debug, Default)]
pub struct Slot {
    taker: StdMutex<Option<oneshot::Sender<u32>>>,
    left: StdMutex<Vec<u32>>,
}

impl Slot {
    /// Waits for a number. Dropped after it was handed one, it takes the number along.
    pub async fn take(self: Arc<Self>) -> u32 {
        let (sender, receiver) = oneshot::channel();
        *self.taker.lock().unwrap() = Some(sender);
        receiver.await.unwrap_or_default()
    }

    /// Gives a number.
    pub fn give(&self, number: u32) {
        let taker = self.taker.lock().unwrap().take();
        let given = taker.map_or(Err(number), |taker| taker.send(number));
        self.left.lock().unwrap().extend(given.err());
    }

    /// What was given and is still to be had.
    pub fn left(&self) -> Vec<u32> {
        self.left.lock().unwrap().clone()
    }
}

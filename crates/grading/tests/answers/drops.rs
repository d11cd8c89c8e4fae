//! Answers that are dropped before they finish.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex as StdMutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use grading::web::Client;
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;

/// Downloads a page with a permit that is a guard.
pub async fn guarded(client: &Client, permits: &Semaphore) {
    let _permit = permits.acquire().await;
    let _ = client.get("/a").await;
}

/// Downloads a page with a permit that is returned by hand.
pub async fn returned_by_hand(client: &Client, permits: &Semaphore) {
    if let Ok(permit) = permits.acquire().await {
        permit.forget();
    }
    let _ = client.get("/a").await;
    permits.add_permits(1);
}

/// Forwards messages. Between the two awaits, only this future has the message.
pub async fn forward(from: &Mutex<mpsc::Receiver<u32>>, to: mpsc::Sender<u32>) {
    while let Some(message) = from.lock().await.recv().await {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let _ = to.send(message).await;
    }
}

/// A slot that hands a number to the waiting task, and keeps it if none waits.
#[derive(Debug, Default)]
pub struct Slot {
    waiting: StdMutex<Option<oneshot::Sender<u32>>>,
    kept: StdMutex<Vec<u32>>,
}

impl Slot {
    /// Waits for a number. If it is dropped after it was handed one, the number is lost.
    pub async fn take(self: Arc<Self>) -> u32 {
        let (sender, receiver) = oneshot::channel();
        *self.waiting.lock().unwrap() = Some(sender);
        receiver.await.unwrap_or_default()
    }

    /// Puts a number.
    pub fn put(&self, number: u32) {
        let waiting = self.waiting.lock().unwrap().take();
        let sent = waiting.map_or(Err(number), |waiting| waiting.send(number));
        self.kept.lock().unwrap().extend(sent.err());
    }

    /// The numbers that were put and not taken.
    pub fn kept(&self) -> Vec<u32> {
        self.kept.lock().unwrap().clone()
    }
}

/// Downloads a page in a task, which leaves the work to another one. Only the first task is aborted.
pub async fn nested_tasks(client: Client) {
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let download = tokio::spawn(async move { client.get("/a").await });
        let _ = download.await;
    });
    tasks.join_next().await;
}

/// Waits 10 ms in a task, which then spawns another one for the next 10 ms.
pub async fn nested_later() {
    let mut tasks = JoinSet::new();
    tasks.spawn(async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let rest = tokio::spawn(tokio::time::sleep(Duration::from_millis(10)));
        let _ = rest.await;
    });
    tasks.join_next().await;
}

/// A lock that is handed to the waiters in order, also to those that have left.
#[derive(Debug, Default)]
pub struct HandedOver {
    state: StdMutex<(bool, VecDeque<Waker>)>,
}

struct Held<'a>(&'a HandedOver);

impl HandedOver {
    /// Holds the lock for 10 ms.
    pub async fn hold(&self) {
        let _held = self.lock().await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    async fn lock(&self) -> Held<'_> {
        poll_fn(|cx| {
            let (locked, waiting) = &mut *self.state.lock().unwrap();
            if *locked {
                waiting.push_back(cx.waker().clone());
                return Poll::Pending;
            }
            *locked = true;
            Poll::Ready(())
        })
        .await;
        Held(self)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let (locked, waiting) = &mut *self.0.state.lock().unwrap();
        *locked = false;
        if let Some(next) = waiting.pop_front() {
            next.wake();
        }
    }
}

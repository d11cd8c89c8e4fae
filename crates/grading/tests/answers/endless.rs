//! Answers that never end.

use std::sync::Mutex;
use std::time::Duration;

use grading::web::Client;
use timeline::InLane;
use tokio::sync::Notify;

/// Waits for pages that never arrive.
pub async fn waits_for_all(client: &Client) {
    let _ = tokio::join!(client.get("/a"), client.get("/b"), client.get("/c"));
}

/// Waits for a notification that is never sent.
pub async fn waits_forever() {
    Notify::new().notified().await;
}

/// Requests the same page in an endless loop.
pub async fn requests_forever(client: &Client) {
    loop {
        let _ = client.get("/a").await;
    }
}

/// Rarely does anything, but never ends.
pub async fn ticks_every_minute() {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    loop {
        minutes.tick().await;
    }
}

/// Yields in an endless loop.
pub async fn yields_forever() {
    loop {
        tokio::task::yield_now().await;
    }
}

/// Waits for a task that yields in an endless loop.
pub async fn yields_forever_in_a_task() {
    let _ = tokio::spawn(yields_forever()).await;
}

/// Never awaits.
pub async fn spins() {
    loop {
        std::hint::spin_loop();
    }
}

/// Never awaits, in a task.
pub async fn spins_in_a_task(client: &Client) {
    let task = tokio::spawn(async { spins().in_lane("worker").await });
    let _ = client.get("/a").await;
    let _ = task.await;
}

/// Never returns from its destructor.
pub async fn spins_when_dropped() {
    struct SpinsInDrop;
    impl Drop for SpinsInDrop {
        fn drop(&mut self) {
            loop {
                std::hint::spin_loop();
            }
        }
    }
    let _spins = SpinsInDrop;
    tokio::time::sleep(Duration::from_millis(10)).await;
}

/// Calls `callback` while it holds the lock that `callback` takes.
pub async fn calls_back_under_a_lock(callback: impl Fn(&Mutex<()>)) {
    let lock = Mutex::new(());
    let _held = lock.lock();
    callback(&lock);
}

/// Blocks the thread that runs all tasks.
pub async fn blocks() {
    let (_sender, receiver) = std::sync::mpsc::channel::<()>();
    let _ = receiver.recv();
}

/// Blocks the thread again and again.
#[expect(
    clippy::disallowed_methods,
    reason = "the report about it is the point"
)]
pub async fn blocks_again_and_again() {
    for _ in 0..10_000 {
        std::thread::sleep(Duration::from_millis(10));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Makes tokio's clock follow real time.
pub async fn resumes_the_clock() {
    tokio::time::resume();
    for _ in 0..10_000 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits for a blocking job that never ends.
pub async fn waits_for_a_blocking_job() {
    let job = tokio::task::spawn_blocking(|| {
        loop {
            std::thread::park();
        }
    });
    let _ = job.await;
}

//! Answers that never end.

use std::time::Duration;

use grading::web::Client;
use timeline::InLane;
use tokio::sync::Notify;

/// Waits for a page that never comes.
pub async fn waits_for_all(client: &Client) {
    let _ = tokio::join!(client.get("/a"), client.get("/b"), client.get("/c"));
}

/// Waits for what nobody does.
pub async fn waits_for_nothing() {
    Notify::new().notified().await;
}

/// Asks again and again.
pub async fn asks_for_ever(client: &Client) {
    loop {
        let _ = client.get("/a").await;
    }
}

/// Seldom, but for ever.
pub async fn asks_every_minute() {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    loop {
        minutes.tick().await;
    }
}

/// Yields until something changes.
pub async fn yields_for_ever() {
    loop {
        tokio::task::yield_now().await;
    }
}

/// Waits for a task that yields until something changes.
pub async fn yields_for_ever_in_a_task() {
    let _ = tokio::spawn(yields_for_ever()).await;
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

/// Never gives the thread back when it is dropped.
pub async fn spins_when_dropped() {
    struct Stubborn;
    impl Drop for Stubborn {
        fn drop(&mut self) {
            loop {
                std::hint::spin_loop();
            }
        }
    }
    let _stubborn = Stubborn;
    tokio::time::sleep(Duration::from_millis(10)).await;
}

/// Blocks the thread that everybody needs.
pub async fn blocks() {
    let (_sender, receiver) = std::sync::mpsc::channel::<()>();
    let _ = receiver.recv();
}

/// Blocks the thread again and again.
#[expect(
    clippy::disallowed_methods,
    reason = "what the report says of it is the point"
)]
pub async fn blocks_now_and_then() {
    for _ in 0..10_000 {
        std::thread::sleep(Duration::from_millis(10));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Waits in real time.
pub async fn makes_the_clock_a_real_one() {
    tokio::time::resume();
    for _ in 0..10_000 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits for a blocking job that never ends.
pub async fn waits_for_a_thread() {
    let job = tokio::task::spawn_blocking(|| {
        loop {
            std::thread::park();
        }
    });
    let _ = job.await;
}

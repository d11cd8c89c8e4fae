//! Answers that never end.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::Mutex;
use std::task::Poll;
use std::time::{Duration, Instant};

use grading::Counted;
use grading::web::Client;
use timeline::InLane;
use tokio::sync::{Mutex as AsyncMutex, Notify, mpsc};
use tokio::time::sleep;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

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

/// Returns `Pending` and stores no waker.
pub async fn ignores_its_waker() {
    pending::<()>().await;
}

/// One of its futures stores its waker, and the other does not.
pub async fn ignores_one_waker() {
    let notify = Notify::new();
    tokio::join!(
        notify.notified().in_lane("stores"),
        pending::<()>().in_lane("ignores")
    );
}

/// Keeps the waker of its first poll, and is polled with another one.
pub async fn keeps_a_stale_waker() {
    let mut first = None;
    let stale = poll_fn(|cx| {
        first.get_or_insert_with(|| cx.waker().clone());
        Poll::<()>::Pending
    });
    tokio::join!(Counted::new(stale.in_lane("stale")), sleep(ms(10)));
}

/// Waits for a lock that was given to a future which it does not poll.
pub async fn does_not_poll_the_owner_of_a_lock() {
    let lock = AsyncMutex::new(());
    let held = lock.lock().await;
    let mut first = pin!(async { drop(lock.lock().await) }.in_lane("first"));
    tokio::select! {
        biased;
        () = &mut first => return,
        () = sleep(ms(10)) => drop(held),
    }
    async { drop(lock.lock().await) }.in_lane("second").await;
}

/// Waits for a task that waits forever.
pub async fn waits_for_a_task() {
    let _ = tokio::spawn(waits_forever()).await;
}

/// Wakes itself in each poll.
pub async fn wakes_itself() {
    poll_fn(|cx| {
        cx.waker().wake_by_ref();
        Poll::<()>::Pending
    })
    .await;
}

/// Receives from a closed channel in an endless loop.
pub async fn receives_from_a_closed_channel() {
    let (_, mut messages) = mpsc::channel::<()>(1);
    loop {
        messages.recv().await;
    }
}

/// Sends messages to a task and receives them back, in an endless loop.
pub async fn sends_messages_in_a_circle() {
    let (to_task, mut at_task) = mpsc::channel(1);
    let (to_answer, mut at_answer) = mpsc::channel(1);
    tokio::spawn(async move {
        while let Some(()) = at_task.recv().await {
            let _ = to_answer.send(()).await;
        }
    });
    loop {
        let _ = to_task.send(()).await;
        at_answer.recv().await;
    }
}

/// Compares an instant of real time, which does not follow tokio's clock, with a deadline.
pub async fn waits_for_real_time() {
    let deadline = Instant::now() + Duration::from_secs(3600);
    while Instant::now() < deadline {
        sleep(ms(1)).await;
    }
}

/// Sleeps a little longer each time.
pub async fn backs_off() {
    for time in 1.. {
        sleep(ms(time)).await;
    }
}

/// Waits for a task that looks for something every millisecond.
pub async fn waits_for_a_task_with_timers() {
    let task = tokio::spawn(async {
        loop {
            sleep(ms(1)).await;
        }
    });
    let _ = task.await;
}

/// Computes for long, again and again.
pub async fn computes_again_and_again() {
    for _ in 0..10_000 {
        let began = Instant::now();
        while began.elapsed() < ms(10) {
            std::hint::spin_loop();
        }
        sleep(ms(1)).await;
    }
}

/// Waits for one blocking job after the other.
#[expect(
    clippy::disallowed_methods,
    reason = "the report about it is the point"
)]
pub async fn waits_for_many_blocking_jobs() {
    for _ in 0..10_000 {
        let _ = tokio::task::spawn_blocking(|| std::thread::sleep(ms(10))).await;
    }
}

/// Makes tokio's clock follow real time, and waits for an hour.
pub async fn resumes_the_clock_and_sleeps() {
    tokio::time::resume();
    sleep(Duration::from_secs(3600)).await;
}

/// Blocks the thread for longer than the limit, once.
#[expect(
    clippy::disallowed_methods,
    reason = "the report about it is the point"
)]
pub async fn blocks_once() {
    std::thread::sleep(ms(1500));
    sleep(ms(1)).await;
}

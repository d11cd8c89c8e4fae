//! Sleeps for a millisecond, which needs a timer and takes time. Caught by `yield_now::has_woken_its_task_when_it_returns_pending`, which says "left to something else".

pub async fn yield_now() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

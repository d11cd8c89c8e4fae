//! A short sleep lets others run, but it needs a timer, and takes time. Caught by `yield_now::has_rung_when_it_says_pending`, which says "a timer".

pub async fn yield_now() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

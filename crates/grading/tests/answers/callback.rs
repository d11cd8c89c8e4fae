//! An answer that calls back.

/// Calls `call` in a task, and ignores whether it panics.
pub async fn with_callback(call: impl FnOnce() + Send + 'static) {
    let task = tokio::spawn(async move { call() });
    let _ = task.await;
}

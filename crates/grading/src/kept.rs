//! A future that is finished and not dropped.

use futures::future::LocalBoxFuture;

/// Awaits `future`, and returns its output together with the finished future, which the caller drops.
///
/// `future.await` drops a future in the instant in which it is ready, so what it should release when it is ready may as
/// well be released by its destructor. But a caller may keep a finished future: in a `pin!` above a `select!` in a loop,
/// in a list, in a field. What a contract promises for the end of a call has to hold while it is kept.
///
/// ```
/// use grading::{await_and_keep, grade};
/// use tokio::sync::Semaphore;
///
/// grade(async || {
///     let permits = Semaphore::new(1);
///     let (permit, finished) = await_and_keep(permits.acquire()).await;
///     drop(permit);
///     assert_eq!(permits.available_permits(), 1);
///     drop(finished);
/// });
/// ```
///
/// # Cancel safety
///
/// If it is dropped, so is `future`.
pub async fn await_and_keep<'a, F: Future + 'a>(
    future: F,
) -> (F::Output, LocalBoxFuture<'a, F::Output>) {
    let boxed: LocalBoxFuture<'a, F::Output> = Box::pin(future);
    kept(boxed).await
}

/// Compiled once for each output, and not for each future.
async fn kept<T>(mut future: LocalBoxFuture<'_, T>) -> (T, LocalBoxFuture<'_, T>) {
    let output = future.as_mut().await;
    (output, future)
}

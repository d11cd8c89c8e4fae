//! A future that is never ready.

use std::future::poll_fn;
use std::task::{Poll, Waker};

/// Never ready, like a connection on which nothing arrives: it stores its waker, and nothing calls it.
///
/// A report of a hang tells whether wakers are stored. `std::future::pending` stores none, which looks like the
/// mistake of an answer.
///
/// # Cancel safety
///
/// Dropping the future has no effect.
pub async fn never<T>() -> T {
    let mut stored = Waker::noop().clone();
    poll_fn(|cx| {
        stored.clone_from(cx.waker());
        Poll::Pending
    })
    .await
}

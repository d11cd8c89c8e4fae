//! What is left of the budget that tokio gives each poll of a task.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tokio::task::coop::{consume_budget, has_budget_remaining};
use tokio::task::yield_now;

/// Calls `poll` when `left` units are left of tokio's budget for this poll of the task.
///
/// In each poll of a task, a budget limits how often the futures of tokio can be ready. When it is used up, they are
/// pending and wake the task, whatever they wait for. So a task with many futures may find a lock that is free
/// pending: every `.await` of a tokio future is a point at which an answer can be dropped.
///
/// ```
/// use std::pin::pin;
///
/// use grading::{TestWaker, grade, with_budget};
/// use tokio::sync::Mutex;
///
/// grade(async || {
///     let (lock, waker) = (Mutex::new(7), TestWaker::new());
///     let none = with_budget(0, || waker.poll(pin!(lock.lock())).is_pending()).await;
///     let one = with_budget(1, || waker.poll(pin!(lock.lock())).is_pending()).await;
///     assert!(none && !one);
/// });
/// ```
///
/// # Cancel safety
///
/// If it is dropped before it is ready, `poll` is not called.
pub async fn with_budget<T>(left: usize, poll: impl FnOnce() -> T) -> T {
    // Each begins with a whole budget.
    yield_now().await;
    let mut whole = 0;
    while take_one() {
        whole += 1;
    }
    yield_now().await;
    for _ in left..whole {
        take_one();
    }
    poll()
}

/// Takes one unit, if there is one.
fn take_one() -> bool {
    has_budget_remaining()
        && pin!(consume_budget()).poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
}

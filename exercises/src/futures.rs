//! Futures: six building blocks of a runtime, written by hand.
//!
//! Take locks, atomics and threads from [`crate::sync`], so that the grader can try every interleaving of your answer.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use grading::ManualTimer;

use crate::sync::Arc;

/// Yields to other tasks once.
///
/// The first poll returns `Pending`, and the second one returns `Ready`.
///
/// - The first poll calls its waker exactly once, before it returns. It needs no timer, no runtime and no other thread.
/// - The second poll calls no waker.
/// - Each call of `yield_now` yields once, whether the calls run one after another or concurrently.
pub async fn yield_now() {
    todo!()
}

/// Runs `future` to completion and returns its output with the number of times that it was polled.
///
/// - Each poll of the returned future polls `future` exactly once, with its own waker and not with another one that
///   forwards to it. It neither adds polls nor leaves any out, and it calls no waker.
/// - The count includes the last poll, the one that returned `Ready`.
pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    todo!()
}

/// A future that completes when `timer` reaches its deadline.
///
/// - It returns `Pending` before the deadline, however often it is polled, and `Ready` at the deadline or later.
/// - While it is pending, it has exactly one entry in the timer: for the deadline, with the waker of the latest poll.
///   Nothing else wakes its task.
/// - If the deadline has passed at the first poll, that poll returns `Ready`, registers no entry and calls no waker.
///
/// # Cancel safety
///
/// A `Delay` that is ready or dropped leaves neither an entry nor a waker behind.
pub struct Delay {
    // Replace this field with yours.
    _timer: std::marker::PhantomData<ManualTimer>,
}

impl Delay {
    /// Creates a delay whose deadline is `time` from now, whenever it is first polled.
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        todo!()
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!()
    }
}

/// The state that the two ends of a [`channel`] share: room for one value, and for the waker of the receiver.
///
/// Its methods may run on several threads at the same time. Whatever their order, no value, no wake-up and no
/// closing is lost. No lock is held while a waker is called. Locks and atomics come from [`crate::sync`].
pub struct OneshotSlot<T> {
    // Replace this field with yours.
    _value: std::marker::PhantomData<T>,
}

impl<T> OneshotSlot<T> {
    /// Creates an empty slot. Both ends of the channel exist.
    pub fn empty() -> Self {
        todo!()
    }

    /// Stores `value` and wakes the receiver once, if it is waiting. The sender calls this at most once.
    ///
    /// # Errors
    ///
    /// Returns the value if the receiver was dropped.
    pub fn put(&self, value: T) -> Result<(), T> {
        todo!()
    }

    /// Called when the sender is dropped, also after it has sent its value.
    ///
    /// If no value was sent, it closes the channel and wakes the receiver once, if it is waiting. Otherwise it changes
    /// nothing.
    pub fn sender_dropped(&self) {
        // Your code goes here. (There is no `todo!()`, because a panic during a drop could abort the process.)
    }

    /// Polls for the value.
    ///
    /// - `Ready(Ok(value))`: the sender has sent `value`, and may have been dropped since.
    /// - `Ready(Err(Closed))`: the sender was dropped and has sent nothing.
    /// - `Pending`: neither has happened yet, however often it was polled. The waker of the latest poll is woken when
    ///   one of them happens, and not before.
    ///
    /// It is not called again after it has returned `Ready`.
    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        todo!()
    }

    /// Called when the receiver is dropped: drops its waker, and the value if it was not received.
    pub fn receiver_dropped(&self) {
        // Your code goes here. (There is no `todo!()`, because a panic during a drop could abort the process.)
    }
}

/// Creates a channel for one value.
///
/// This function and everything below it up to [`block_on`] is complete. Your part is [`OneshotSlot`].
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let slot = Arc::new(OneshotSlot::empty());
    (Sender(Arc::clone(&slot)), Receiver(slot))
}

/// The sending end of a [`channel`].
pub struct Sender<T>(Arc<OneshotSlot<T>>);

/// The receiving end of a [`channel`]: a future that completes with the value.
pub struct Receiver<T>(Arc<OneshotSlot<T>>);

/// The sender was dropped without sending a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl<T> Sender<T> {
    /// Sends `value`. Returns it as the error if the receiver was dropped.
    pub fn send(self, value: T) -> Result<(), T> {
        self.0.put(value)
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.sender_dropped();
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        self.0.poll_take(cx)
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.0.receiver_dropped();
    }
}

/// Runs `future` to completion on the current thread and returns its output.
///
/// - It polls the future once at the start, and again only if its waker was called since the previous poll began.
///   Several wake-ups before a poll cause one poll.
/// - In between, the thread sleeps: it neither loops nor calls `thread::yield_now` until it is woken. If the thread is
///   unparked for another reason, it goes back to sleep without a poll.
/// - The waker may be called at any time, also during a poll, and from any thread. No wake-up is lost, also if the future
///   puts the thread to sleep itself, in a nested call of `block_on` for example. The poll that follows a wake-up sees
///   everything that was written before it.
/// - The future is not polled after it has returned `Ready`.
/// - Locks, condition variables, atomics and `thread::park` come from [`crate::sync`].
pub fn block_on<F: Future>(future: F) -> F::Output {
    todo!()
}

/// Runs both futures concurrently and returns both outputs, `a`'s first.
///
/// - The first poll polls both futures, each with a waker of its own. Later polls poll a future only if its own
///   waker was called since the previous poll of `join2` began.
/// - A future is not polled after it has returned `Ready`, even if its waker is called again.
/// - When either waker is called, it calls the waker that `join2` was last polled with. It may leave that out if that was
///   called already since the previous poll of `join2` began, if its own future has finished, or if that is still to be
///   polled in the same poll of `join2`. Nothing else calls that waker.
/// - A waker may be called at any time, also during a poll, and on any thread. No wake-up is lost, and the poll that follows
///   one sees everything that was written before it. No lock is held while the waker of `join2` is called.
/// - Locks and atomics come from [`crate::sync`].
pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    todo!()
}

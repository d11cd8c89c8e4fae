//! Futures: what a runtime is made of, small enough for a bicycle computer.
//!
//! Locks and threads come from [`crate::sync`]: so the grader can try every interleaving of your answer.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use grading::ManualTimer;

use crate::sync::Arc;

/// Lets everybody else have a turn: pending at its first poll, and ready at the next.
///
/// When it says pending, it has already woken the waker that it was polled with, once, and on the same
/// thread.
pub async fn yield_now() {
    todo!()
}

/// Runs `future` to its end, and counts how often it was polled, the last time included.
///
/// Each poll of the answer is one poll of `future`, with the same waker; it makes no others.
/// Returns the output and the count.
pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    todo!()
}

/// A wait that is over when `clock` shows its end.
///
/// While it waits, one alarm is set: it rings at the end, for the waker of the latest poll. As soon as
/// it is ready or dropped, none is. It is ready only at the end, whoever polls it before.
pub struct Delay {
    // Your fields in place of this one.
    _clock: std::marker::PhantomData<ManualTimer>,
}

impl Delay {
    /// A wait that begins now, polled or not, and ends after `time`.
    pub fn new(clock: &ManualTimer, time: Duration) -> Self {
        todo!()
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!()
    }
}

/// What the two ends of a [`channel`] share: a place for one value, and for whoever waits for it.
///
/// Each method may be called while another thread is in another one. A waker is woken when no lock
/// is held.
pub struct Slot<T> {
    // Your fields in place of this one.
    _value: std::marker::PhantomData<T>,
}

impl<T> Slot<T> {
    /// An empty slot, with both ends there.
    pub fn empty() -> Self {
        todo!()
    }

    /// Puts `value` in and wakes the receiver. Gives it back if the receiver is gone.
    pub fn put(&self, value: T) -> Result<(), T> {
        todo!()
    }

    /// The sender was dropped, perhaps after it has put a value in. If there will be none, it wakes the
    /// receiver.
    pub fn sender_gone(&self) {
        // Yours, too. (A panic while something is dropped would end the process.)
    }

    /// One poll of the receiver: the value; or [`Closed`], if there will be none; or pending, and then
    /// the waker of this poll is woken when there is more to say.
    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        todo!()
    }

    /// The receiver was dropped. Nothing is kept for it, neither a value nor a waker.
    pub fn receiver_gone(&self) {
        // Yours, too. (A panic while something is dropped would end the process.)
    }
}

/// A channel for one value. This and what follows is complete: the [`Slot`] is yours.
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let slot = Arc::new(Slot::empty());
    (Sender(Arc::clone(&slot)), Receiver(slot))
}

/// The end that sends.
pub struct Sender<T>(Arc<Slot<T>>);

/// The end that receives: a future.
pub struct Receiver<T>(Arc<Slot<T>>);

/// There will be no value: the sender was dropped and has sent none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl<T> Sender<T> {
    /// Sends `value`. Gives it back if the receiver is gone.
    pub fn send(self, value: T) -> Result<(), T> {
        self.0.put(value)
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.sender_gone();
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
        self.0.receiver_gone();
    }
}

/// Runs `future` to its end on this thread, and gives its output.
///
/// It polls once to begin with, and after that only when its waker was woken since the last poll. In
/// between the thread sleeps. The waker may be woken at any time, during a poll too, and from any thread.
pub fn block_on<F: Future>(future: F) -> F::Output {
    todo!()
}

/// Waits for both futures at the same time, and gives both outputs.
///
/// Each future gets a waker of its own, and is polled at the first poll, and after that only if its own
/// waker was woken since its last one; never after it was ready. Whenever one of these wakers is woken, so
/// is the waker of the latest poll of the answer.
pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    todo!()
}
